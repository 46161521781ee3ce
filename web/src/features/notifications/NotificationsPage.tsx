import { IconChecks, IconSettings } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button, ButtonLink } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed } from '~/ui/Listed';
import { PageHead, Tabs } from '~/ui/Page';
import { CalendarPicture } from '~/ui/pictures';
import { useFormats } from '~/ui/zone';
import { useMarkRead } from './commands';
import { NotificationRow } from './NotificationRow';
import styles from './Notifications.module.css';
import { type Notification, notificationsQuery } from './queries';

/** The inbox by day: what happened, what became of its delivery. */
export function NotificationsPage({ unread }: { unread: boolean }) {
  const { t } = useTranslation('notifications');
  const formats = useFormats();
  const list = useInfiniteQuery(notificationsQuery(unread));
  const items = itemsOf(list);
  const mark = useMarkRead();
  const newest = items?.[0];
  return (
    <div className={styles.page}>
      <PageHead title={t('title')}>
        {newest && items?.some(({ read_at }) => !read_at) && (
          <Button
            icon={<IconChecks size={18} aria-hidden />}
            busy={mark.isPending ? t('marking') : null}
            onClick={() => mark.mutate({ up_to: newest.id })}
          >
            {t('markAll')}
          </Button>
        )}
        <ButtonLink to="/settings/notifications" icon={<IconSettings size={18} aria-hidden />}>
          {t('preferences')}
        </ButtonLink>
      </PageHead>
      <Tabs
        label={t('which')}
        tabs={[
          { name: t('all'), link: { to: '/notifications', search: {} }, current: !unread },
          { name: t('unread'), link: { to: '/notifications', search: { unread: true } }, current: unread },
        ]}
      />
      <Listed
        query={list}
        items={items}
        failed={t('failed')}
        empty={
          <Empty
            picture={<CalendarPicture />}
            title={t('none')}
            text={t(unread ? 'noneUnread' : 'noneText')}
          />
        }
      >
        {(all) =>
          byDay(all, formats.dayKey).map(([day, ofDay]) => (
            <section key={day} className={styles.day} aria-labelledby={`day-${day}`}>
              <h2 id={`day-${day}`}>{formats.longDay(ofDay[0]?.created_at ?? day)}</h2>
              <ul className={styles.list}>
                {ofDay.map((one) => (
                  <li key={one.id}>
                    <NotificationRow notification={one} />
                  </li>
                ))}
              </ul>
            </section>
          ))
        }
      </Listed>
    </div>
  );
}

function byDay(
  items: readonly Notification[],
  dayKey: (instant: string) => string,
): [string, Notification[]][] {
  return [...Map.groupBy(items, ({ created_at }) => dayKey(created_at))];
}
