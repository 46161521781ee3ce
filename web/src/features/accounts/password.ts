export const SHORTEST = 10;

/** Strength of a password by its length and variety alone: 0 too short, 1 weak, 2 fair, 3 good. */
export function strengthOf(password: string, own: readonly string[]): 0 | 1 | 2 | 3 {
  if ([...password].length < SHORTEST) return 0;
  const folded = password.toLocaleLowerCase();
  const isOwn = own.some((text) => text.length > 3 && folded.includes(text.toLocaleLowerCase()));
  const variety = new Set(folded).size;
  if (isOwn || variety < 5 || /^(?:\d+|(.{1,3})\1+)$/.test(folded)) return 1;
  return variety >= 9 && password.length >= 14 ? 3 : 2;
}
