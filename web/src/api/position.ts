/** Highest position in the log that this tab knows: of its own changes and of live frames. Reads must not be older. */
let last = 0;

export function rememberPosition(headers: Headers): void {
  notePosition(Number.parseInt(headers.get('x-log-position') ?? '', 10));
}

/** Remembers the position of a live frame. A read that the frame causes is not older. */
export function notePosition(position: number): void {
  if (Number.isSafeInteger(position) && position > last) last = position;
}

export function lastPosition(): number | null {
  return last > 0 ? last : null;
}
