const line = {
  fill: 'none',
  stroke: 'var(--line-strong)',
  strokeWidth: 1.6,
  strokeLinecap: 'round',
} as const;
const accent = { ...line, stroke: 'var(--accent-text)', strokeWidth: 2 } as const;

/** A calendar with one day marked: no lessons yet. */
export function CalendarPicture() {
  return (
    <svg viewBox="0 0 168 104" width="168" height="104" aria-hidden>
      <path d="M8 96h152" {...line} />
      <rect x="32" y="18" width="104" height="78" rx="8" {...line} fill="var(--surface)" />
      <path d="M32 40h104M56 10v16M112 10v16" {...line} />
      {[0, 1, 2].flatMap((row) =>
        [0, 1, 2, 3, 4].map((column) => (
          <rect
            key={`${row}-${column}`}
            x={44 + column * 17}
            y={50 + row * 14}
            width="11"
            height="8"
            rx="2"
            fill="var(--sunken)"
          />
        )),
      )}
      <rect x="95" y="64" width="11" height="8" rx="2" fill="var(--accent)" />
      <path d="m97.5 68 2 2 4-4" {...accent} stroke="#fff" strokeWidth={1.4} />
      <path d="M150 96c0-10-3-16-7-20M150 96c0-12 3-18 7-22" {...accent} />
    </svg>
  );
}

/** An empty desk with a lens: no person found. */
export function NobodyPicture() {
  return (
    <svg viewBox="0 0 168 104" width="168" height="104" aria-hidden>
      <path d="M8 96h152" {...line} />
      <rect x="26" y="28" width="84" height="52" rx="8" {...line} fill="var(--surface)" />
      <circle cx="46" cy="48" r="9" {...line} />
      <path d="M62 44h34M62 54h22M38 68h58M68 80v16M52 96h32" {...line} />
      <circle cx="122" cy="60" r="18" {...accent} fill="var(--canvas)" />
      <path d="m135 73 14 14" {...accent} />
    </svg>
  );
}

/** A blackboard with a way that ends: no such page. */
export function NowherePicture() {
  return (
    <svg viewBox="0 0 168 104" width="168" height="104" aria-hidden>
      <path d="M8 96h152M48 78l-8 18M120 78l8 18" {...line} />
      <rect x="28" y="10" width="112" height="68" rx="8" {...line} fill="var(--surface)" />
      <path d="M44 60c14-30 30 14 44-10 4-7 8-11 13-13" {...accent} strokeDasharray="1 6" />
      <circle cx="44" cy="60" r="4" fill="var(--accent)" />
      <path d="m108 28 12 12M120 28l-12 12" {...accent} />
    </svg>
  );
}
