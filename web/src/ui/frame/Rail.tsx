import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Mark } from '../Mark';
import type { Place } from './place';
import { FOOT, groupsOf } from './places';
import styles from './Rail.module.css';

export function Rail({ account }: { account: Account }) {
  const { t } = useTranslation();
  return (
    <nav className={styles.rail} aria-label={t('places.label')}>
      <div className={styles.mark}>
        <Mark />
      </div>
      {groupsOf(account).map(({ name, places }) => (
        <div key={name ?? ''} className={styles.group}>
          {name && <p className={styles.title}>{t(name)}</p>}
          <Places places={places} />
        </div>
      ))}
      <div className={styles.foot}>
        <Places places={FOOT} />
      </div>
    </nav>
  );
}

function Places({ places }: { places: Place[] }) {
  const { t } = useTranslation();
  return (
    <ul>
      {places.map(({ to, icon: Icon, name }) => (
        <li key={to}>
          <Link
            to={to}
            className={styles.place}
            activeOptions={{ exact: to === '/' || to === '/crm', includeSearch: false }}
            title={t(name)}
          >
            <Icon size={20} stroke={1.6} aria-hidden />
            <span className={styles.name}>{t(name)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
