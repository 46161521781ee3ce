import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './Chip.module.css';

export type Tone = 'neutral' | 'ok' | 'warn' | 'error' | 'info' | 'accent' | 'outline';

/** State in a word and a shape, never in a colour alone. */
export function Chip({
  tone = 'neutral',
  icon: Icon,
  children,
}: {
  tone?: Tone;
  icon?: Icon;
  children: ReactNode;
}) {
  return (
    <span className={styles.chip} data-tone={tone}>
      {Icon && <Icon size={14} stroke={2} aria-hidden />}
      {children}
    </span>
  );
}
