import type { CSSProperties } from 'react';
import styles from './Avatar.module.css';

const HUES = 12;

/** One of twelve hues, always the same for an id. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) >>> 0;
  return (sum % HUES) * (360 / HUES) + 15;
}

/** First letters of the first two words. */
export function initialsOf(name: string): string {
  const letters = name
    .split(/\s+/)
    .map((word) => /\p{L}|\p{N}/u.exec(word)?.[0])
    .filter((letter) => letter !== undefined);
  return letters.slice(0, 2).join('').toLocaleUpperCase();
}

interface Props {
  id: string;
  name: string | null | undefined;
  url?: string | null;
  size: number;
}

/** The picture of a person, else initials on a colour from the id. The name stands beside it in words. */
export function Avatar({ id, name, url, size }: Props) {
  const style = { '--size': `${size}px`, '--hue': hueOf(id) } as CSSProperties;
  return (
    // Drawn by the style: the initials are a picture, not text.
    <span
      className={styles.avatar}
      style={style}
      data-initials={url ? '' : initialsOf(name ?? '')}
      aria-hidden
    >
      {url && <img src={url} alt="" width={size} height={size} loading="lazy" />}
    </span>
  );
}
