/** The address to go to after signing in: only one of our own. */
export function parseNext(raw: Record<string, unknown>): { next?: string } {
  const { next } = raw;
  const own = typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.includes('\\');
  return own ? { next } : {};
}
