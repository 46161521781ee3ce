/** Preferences of this browser. Where storage is blocked they live as long as the page. */
const memory = new Map<string, string>();

export function stored(name: string): string | null {
  try {
    return localStorage.getItem(`kafedra.${name}`) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

export function store(name: string, value: string | null): void {
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(`kafedra.${name}`);
    else localStorage.setItem(`kafedra.${name}`, value);
  } catch {
    // The memory has it.
  }
}
