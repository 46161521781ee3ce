import { IconUserPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { useWhenWord } from '../messaging/whenWord';
import styles from './Desk.module.css';
import { Priority } from './Priority';
import type { CrmTicket, TicketFilter } from './queries';
import { SlaChip } from './SlaChip';

interface Props {
  ticket: CrmTicket;
  search: TicketFilter & { as_of?: string };
  current: boolean;
  cursor: boolean;
  selected: boolean;
  toggle: ((id: string) => void) | null;
}

/** Memoised: while the queue is scrolled, only rows that come are drawn. */
export const TicketRow = memo(function TicketRow({
  ticket,
  search,
  current,
  cursor,
  selected,
  toggle,
}: Props) {
  const { t } = useTranslation('crm');
  const when = useWhenWord();
  return (
    <div
      className={styles.row}
      data-ticket={ticket.id}
      data-current={current}
      data-cursor={cursor}
      data-selected={selected}
    >
      {toggle && (
        <input
          type="checkbox"
          aria-label={t('tickets.select', { title: ticket.title ?? t('untitled') })}
          checked={selected}
          onChange={() => toggle(ticket.id)}
        />
      )}
      <Priority priority={ticket.priority} short />
      <Link
        to="/crm/tickets/$id"
        params={{ id: ticket.id }}
        search={search}
        aria-current={current ? 'page' : undefined}
      >
        {ticket.title ?? t('untitled')}
      </Link>
      <span className={styles.tag}>{t(`support:categories.${ticket.category}`, ticket.category)}</span>
      <SlaChip sla={ticket.sla} />
      {ticket.assignee_id ? (
        <span title={ticket.assignee_name ?? ''}>
          <Avatar id={ticket.assignee_id} name={ticket.assignee_name} size={24} />
          <span className="visually-hidden">{ticket.assignee_name}</span>
        </span>
      ) : (
        <span className={styles.nobody} title={t('tickets.unassigned')}>
          <IconUserPlus size={14} aria-hidden />
          <span className="visually-hidden">{t('tickets.unassigned')}</span>
        </span>
      )}
      <time dateTime={ticket.updated_at}>{when(ticket.updated_at)}</time>
    </div>
  );
});
