import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Card } from '../Page';
import styles from './MorePage.module.css';
import { FOOT, groupsOf, PHONE_ONLY } from './places';

/** All sections in a list: what does not fit into the bottom bar of a phone. */
export function MorePage({ account }: { account: Account }) {
  const { t } = useTranslation();
  const groups = [...groupsOf(account), { places: [...PHONE_ONLY, ...FOOT] }];
  return (
    <div className={styles.page}>
      <h1>{t('places.all')}</h1>
      {groups.map(({ name, places }, index) => (
        <Card key={name ?? index} id={`group-${index}`} title={name && t(name)} flush>
          <ul>
            {places.map(({ to, icon: Icon, name: key }) => (
              <li key={to}>
                <Link to={to} className={styles.place}>
                  <Icon size={22} stroke={1.6} aria-hidden />
                  {t(key)}
                  <IconChevronRight size={18} stroke={1.8} aria-hidden />
                </Link>
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </div>
  );
}
