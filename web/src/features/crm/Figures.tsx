import { Link, type LinkProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormats } from '~/ui/zone';
import styles from './Crm.module.css';
import { useDurationWord } from './durationWord';
import type { Dashboard } from './queries';

/** Eight figures; each leads to what is behind it. */
export function Figures({ data, asOf }: { data: Dashboard; asOf: string | undefined }) {
  const { t } = useTranslation('crm');
  const formats = useFormats();
  const duration = useDurationWord();
  const tickets = (search: object): LinkProps => ({ to: '/crm/tickets', search: { as_of: asOf, ...search } });
  const users = (search: object): LinkProps => ({ to: '/crm/users', search: { as_of: asOf, ...search } });
  const median = data.tickets.first_response_median_seconds;
  const figures: [name: string, value: string, note: string, link: LinkProps][] = [
    [
      'users',
      formats.number(data.users.total),
      t('figures.newToday', { count: data.users.new_today }),
      users({}),
    ],
    [
      'active',
      formats.number(data.users.active),
      t('figures.ofAll', { share: share(data.users.active, data.users.total) }),
      users({ status: 'active' }),
    ],
    [
      'students',
      formats.number(data.users.students),
      t('figures.newMonth', { count: data.users.new_this_month }),
      users({ type: 'student' }),
    ],
    [
      'teachers',
      formats.number(data.users.teachers),
      t('figures.lessonsAhead', { count: data.lessons.upcoming_7d }),
      users({ type: 'teacher' }),
    ],
    [
      'open',
      formats.number(data.tickets.open),
      t('figures.inProgress', { count: data.tickets.in_progress }),
      tickets({ status: 'open' }),
    ],
    [
      'urgent',
      formats.number(data.tickets.urgent_open),
      t('figures.waiting', { count: data.tickets.waiting }),
      tickets({ priority: 'urgent', status: 'open' }),
    ],
    [
      'resolved',
      formats.number(data.tickets.resolved_today),
      t('figures.ofTickets', { count: data.tickets.total }),
      tickets({ status: 'resolved' }),
    ],
    [
      'firstResponse',
      median == null ? '—' : duration(median),
      t('figures.median'),
      tickets({ sla: 'breached' }),
    ],
  ];
  return (
    <ul className={styles.figures}>
      {figures.map(([name, value, note, link]) => (
        <li key={name}>
          <Link {...link} className={styles.figure}>
            <span>{t(`figures.${name}`)}</span>
            <b>{value}</b>
            <span className={styles.note}>{note}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

const share = (part: number, whole: number) => (whole === 0 ? '0' : String(Math.round((part / whole) * 100)));
