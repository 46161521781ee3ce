import type { ReactNode } from 'react';
import styles from './Empty.module.css';

interface Props {
  picture: ReactNode;
  title: string;
  text?: string;
  children?: ReactNode;
  /** Level of the heading: 1 where nothing else is on the page. */
  level?: 1 | 2;
}

/** Explanation of an empty list, and the next step as a button. */
export function Empty({ picture, title, text, children, level = 2 }: Props) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className={styles.empty}>
      <div className={styles.picture} aria-hidden>
        {picture}
      </div>
      <Heading className={styles.title}>{title}</Heading>
      {text && <p className={styles.text}>{text}</p>}
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
