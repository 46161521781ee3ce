import {
  IconBell,
  IconCalendarCheck,
  IconCalendarX,
  IconClockHour4,
  IconHandClick,
  IconHourglass,
  IconLifebuoy,
  IconMessage,
  IconShieldLock,
  IconX,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chip, type Tone } from '~/ui/Chip';
import { useFormats } from '~/ui/zone';
import { useDismiss, useMarkRead } from './commands';
import styles from './Notifications.module.css';
import { deliveriesQuery, type Notification } from './queries';
import { targetOf } from './target';

const icons: [RegExp, typeof IconBell][] = [
  [/cancelled/, IconCalendarX],
  [/reminder/, IconClockHour4],
  [/^lesson/, IconCalendarCheck],
  [/^request/, IconHandClick],
  [/^waitlist/, IconHourglass],
  [/^message/, IconMessage],
  [/^ticket/, IconLifebuoy],
  [/^security/, IconShieldLock],
];

export function NotificationRow({ notification }: { notification: Notification }) {
  const { t } = useTranslation('notifications');
  const formats = useFormats();
  const mark = useMarkRead();
  const dismiss = useDismiss();
  const [open, setOpen] = useState(false);
  const Icon = icons.find(([pattern]) => pattern.test(notification.kind))?.[1] ?? IconBell;
  const target = targetOf(notification);
  const read = () => {
    if (!notification.read_at) mark.mutate({ ids: [notification.id] });
  };
  return (
    <article className={styles.row} data-unread={!notification.read_at}>
      <span className={styles.icon} aria-hidden>
        <Icon size={20} stroke={1.6} />
      </span>
      <div className={styles.text}>
        <h3>
          {target ? (
            <Link {...target} onClick={read}>
              {notification.title}
            </Link>
          ) : (
            notification.title
          )}
          {!notification.read_at && <span className="visually-hidden"> ({t('new')})</span>}
        </h3>
        <p>{notification.body}</p>
        <p className={styles.meta}>
          <time dateTime={notification.created_at}>{formats.time(notification.created_at)}</time>
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('deliveries')}
          </button>
          {!notification.read_at && (
            <button type="button" onClick={read}>
              {t('mark')}
            </button>
          )}
        </p>
        {open && <Deliveries id={notification.id} />}
      </div>
      <button
        type="button"
        className={styles.dismiss}
        aria-label={t('dismiss', { title: notification.title })}
        onClick={() => dismiss.mutate(notification.id)}
      >
        <IconX size={16} aria-hidden />
      </button>
    </article>
  );
}

const TONES: Record<string, Tone> = {
  delivered: 'ok',
  delayed: 'warn',
  not_delivered: 'error',
  waiting: 'info',
};

/** State of the notification on each channel. */
function Deliveries({ id }: { id: string }) {
  const { t } = useTranslation('notifications');
  const formats = useFormats();
  const { data } = useQuery(deliveriesQuery(id));
  if (!data) return null;
  return (
    <ul className={styles.deliveries}>
      {data.data.length === 0 && <li>{t('noDeliveries')}</li>}
      {data.data.map((delivery) => (
        <li key={delivery.channel}>
          {t(`channels.${delivery.channel}`, delivery.channel)}
          <Chip tone={TONES[delivery.state]}>{t(`state.${delivery.state}`, delivery.state)}</Chip>
          {delivery.at && <time>{formats.time(delivery.at)}</time>}
          {delivery.reason && <span>{t(`reason.${delivery.reason}`, delivery.reason)}</span>}
        </li>
      ))}
    </ul>
  );
}
