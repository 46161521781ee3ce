import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Mark } from '../Mark';
import { placesOf } from './places';
import styles from './Rail.module.css';

export function Rail({ account }: { account: Account }) {
  const { t } = useTranslation();
  return (
    <nav className={styles.rail} aria-label={t('places.label')}>
      <div className={styles.mark}>
        <Mark />
      </div>
      <ul>
        {placesOf(account).map(({ to, icon: Icon, name }) => (
          <li key={to}>
            <Link to={to} className={styles.place} activeOptions={{ exact: to === '/' }} title={t(name)}>
              <Icon size={20} stroke={1.6} aria-hidden />
              <span className={styles.name}>{t(name)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
