/** Position in the log of this tab's last change. Reads that follow must not be older. */
let last = 0;

export function rememberPosition(headers: Headers): void {
  const position = Number.parseInt(headers.get('x-log-position') ?? '', 10);
  if (Number.isFinite(position) && position > last) last = position;
}

export function lastPosition(): number | null {
  return last > 0 ? last : null;
}
