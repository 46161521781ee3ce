import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import styles from './BottomBar.module.css';
import type { Place } from './place';

/** The places on a phone, within the thumb's reach. */
export function BottomBar({ places }: { places: Place[] }) {
  const { t } = useTranslation();
  return (
    <nav className={styles.bar} aria-label={t('places.label')}>
      {places.map(({ to, icon: Icon, name }) => (
        <Link
          key={to}
          to={to}
          className={styles.place}
          activeOptions={{ exact: to === '/' || to === '/crm' }}
        >
          <Icon size={24} stroke={1.6} aria-hidden />
          <span>{t(`${name}Short`)}</span>
        </Link>
      ))}
    </nav>
  );
}
