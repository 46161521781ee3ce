import type { ReactNode } from 'react';
import { FormAlert } from '~/ui/FormAlert';
import styles from './HomePage.module.css';

interface Props {
  icon: ReactNode;
  title: string;
  text: ReactNode;
  error?: unknown;
  children: ReactNode;
}

/** One thing that waits: what it is, until when, and what one can do. */
export function WaitingRow({ icon, title, text, error, children }: Props) {
  return (
    <li className={styles.wait}>
      <span className={styles.waitIcon} aria-hidden>
        {icon}
      </span>
      <div>
        <h3>{title}</h3>
        <p>{text}</p>
        <FormAlert error={error} />
      </div>
      <span className={styles.waitButtons}>{children}</span>
    </li>
  );
}
