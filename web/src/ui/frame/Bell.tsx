import { IconBell } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { unreadQuery } from '~/features/notifications/queries';
import styles from './Bell.module.css';

const MOST = 99;

/** The way to the notifications, with the number of unread ones. */
export function Bell() {
  const { t } = useTranslation();
  const { data } = useQuery(unreadQuery);
  const count = data?.count ?? 0;
  return (
    <Link to="/notifications" className={styles.bell} aria-label={t('bell', { count })}>
      <IconBell size={22} stroke={1.6} aria-hidden />
      {count > 0 && <b aria-hidden>{count > MOST ? `${MOST}+` : count}</b>}
    </Link>
  );
}
