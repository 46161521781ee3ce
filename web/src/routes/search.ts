/** Reads the part of an address behind the question mark; what is not understood is left out. */
type Raw = Record<string, unknown>;

export const text = (raw: Raw, name: string, longest = 200): string | undefined => {
  const value = raw[name];
  const found = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return found !== '' && found.length <= longest ? found : undefined;
};

export const choice = <T extends string>(raw: Raw, name: string, choices: readonly T[]): T | undefined =>
  choices.find((one) => one === raw[name]);

export const flag = (raw: Raw, name: string): true | undefined => (raw[name] === true ? true : undefined);

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const day = (raw: Raw, name: string): string | undefined => {
  const value = raw[name];
  return typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
};

export const instant = (raw: Raw, name: string): string | undefined => {
  const value = raw[name];
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
};

export const number = (raw: Raw, name: string): number | undefined => {
  const value = Number(raw[name]);
  return Number.isInteger(value) && value > 0 ? value : undefined;
};

/** Keeps only what is there, so that addresses stay short. */
export function present<T extends object>(search: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
