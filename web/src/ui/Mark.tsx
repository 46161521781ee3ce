import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import styles from './Mark.module.css';

/** The mark of the school with its name; leads home. */
export function Mark({ small }: { small?: boolean }) {
  const { t } = useTranslation();
  return (
    <Link to="/" className={styles.mark} aria-label={t('school.home')}>
      <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden>
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <path
          d="M10 8v16M21 8.5 11.5 16 21 23.5"
          fill="none"
          stroke="#fff"
          strokeWidth="3.2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <circle cx="23.2" cy="16" r="2" fill="#9fe3d9" />
      </svg>
      {!small && <span className={styles.name}>{t('school.name')}</span>}
    </Link>
  );
}
