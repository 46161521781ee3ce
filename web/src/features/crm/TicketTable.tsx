import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { type Column, Table } from '~/ui/Table';
import { useFormats } from '~/ui/zone';
import { TicketStatus } from '../support/TicketStatus';
import styles from './Crm.module.css';
import { Priority } from './Priority';
import type { CrmTicket } from './queries';

export function TicketTable({ tickets, asOf }: { tickets: readonly CrmTicket[]; asOf: string | undefined }) {
  const { t } = useTranslation('crm');
  const formats = useFormats();
  const columns: Column<CrmTicket>[] = [
    {
      key: 'title',
      head: t('columns.title'),
      cell: (ticket) => (
        <Link
          to="/crm/tickets/$id"
          params={{ id: ticket.id }}
          search={{ as_of: asOf }}
          className={styles.strong}
        >
          {ticket.title ?? t('untitled')}
        </Link>
      ),
    },
    {
      key: 'requester',
      head: t('columns.requester'),
      wide: true,
      cell: (ticket) => (
        <span className={styles.person}>
          <Avatar id={ticket.requester_id} name={ticket.requester_name} size={24} />
          {ticket.requester_name}
        </span>
      ),
    },
    {
      key: 'priority',
      head: t('columns.priority'),
      wide: true,
      cell: (ticket) => <Priority priority={ticket.priority} />,
    },
    { key: 'status', head: t('columns.status'), cell: (ticket) => <TicketStatus status={ticket.status} /> },
    {
      key: 'updated',
      head: t('columns.updated'),
      figure: true,
      wide: true,
      cell: (ticket) => formats.time(ticket.updated_at),
    },
  ];
  return <Table label={t('dashboard.tickets')} columns={columns} rows={tickets} id={({ id }) => id} />;
}
