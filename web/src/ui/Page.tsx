import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './Page.module.css';

interface HeadProps {
  title: string;
  note?: ReactNode;
  /** Buttons at the right. */
  children?: ReactNode;
}

export function PageHead({ title, note, children }: HeadProps) {
  return (
    <header className={styles.head}>
      <h1>{title}</h1>
      {note && <p className={styles.note}>{note}</p>}
      {children && <div className={styles.actions}>{children}</div>}
    </header>
  );
}

interface CardProps {
  id?: string;
  title?: string;
  note?: ReactNode;
  action?: ReactNode;
  /** Without padding: rows reach the line of the card. */
  flush?: boolean;
  children: ReactNode;
}

export function Card({ id, title, note, action, flush, children }: CardProps) {
  return (
    <section className={styles.card} data-flush={flush} aria-labelledby={title && id}>
      {title && (
        <header className={styles.cardHead}>
          <h2 id={id}>{title}</h2>
          {note && <p className={styles.note}>{note}</p>}
          {action && <div className={styles.actions}>{action}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

export interface Tab {
  name: string;
  link: LinkProps;
  current: boolean;
  count?: number | null;
}

export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map(({ name, link, current, count }) => (
        <Link
          key={name}
          {...link}
          className={styles.tab}
          aria-current={current ? 'page' : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
        >
          {name}
          {count != null && <span className={styles.count}>{count}</span>}
        </Link>
      ))}
    </nav>
  );
}
