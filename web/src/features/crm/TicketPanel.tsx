import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { line } from '~/api/live';
import { ProblemError } from '~/api/problem';
import type { Account } from '~/features/accounts/queries';
import { Avatar } from '~/ui/Avatar';
import { Failed } from '~/ui/Failed';
import { NotFound } from '~/ui/NotFound';
import { Bone } from '~/ui/Skeleton';
import { Reply } from '../support/Reply';
import styles from './Desk.module.css';
import { type TicketDetail, type TicketFilter, ticketQuery } from './queries';
import { SlaTargets } from './SlaTargets';
import { TicketComposer } from './TicketComposer';
import { TicketControls } from './TicketControls';

interface Props {
  account: Account;
  id: string;
  search: TicketFilter & { as_of?: string };
  order: string[];
  mayAct: boolean;
}

/** One ticket for an agent: its promises, its talk with notes, the answer. */
export function TicketPanel({ account, id, search, order, mayAct }: Props) {
  const { t } = useTranslation('crm');
  const navigate = useNavigate();
  const { data: ticket, error, refetch } = useQuery(ticketQuery(id, search.as_of));
  const readers = useReaders(id, account.id);
  const at = order.indexOf(id);
  const step = (to: string | undefined) =>
    to && void navigate({ to: '/crm/tickets/$id', params: { id: to }, search });
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  return (
    <section className={styles.panel} aria-label={t('ticket.label')}>
      <div className={styles.panelBar}>
        <span>{at >= 0 && t('ticket.place', { n: at + 1, of: order.length })}</span>
        <button
          type="button"
          aria-label={t('ticket.before')}
          disabled={at <= 0}
          onClick={() => step(order[at - 1])}
        >
          <IconChevronUp size={18} aria-hidden />
        </button>
        <button
          type="button"
          aria-label={t('ticket.after')}
          disabled={at < 0 || at === order.length - 1}
          onClick={() => step(order[at + 1])}
        >
          <IconChevronDown size={18} aria-hidden />
        </button>
        {readers > 0 && (
          <span className={styles.readers} role="status">
            {t('ticket.readers', { count: readers })}
          </span>
        )}
        <Link to="/crm/tickets" search={search} aria-label={t('ticket.close')}>
          <IconX size={18} aria-hidden />
        </Link>
      </div>
      {error && !ticket && <Failed title={t('ticket.failed')} error={error} retry={() => void refetch()} />}
      {!ticket && !error && <Bone height={320} />}
      {ticket && (
        <>
          <div className={styles.panelBody}>
            <h2>{ticket.title ?? t('untitled')}</h2>
            <TicketControls ticket={ticket} mayAct={mayAct} />
            <SlaTargets sla={ticket.sla} />
            <p className={styles.requester}>
              <Avatar id={ticket.requester_id} name={ticket.requester_name} size={32} />
              <Link to="/crm/users/$id" params={{ id: ticket.requester_id }} search={{ as_of: search.as_of }}>
                {ticket.requester_name}
              </Link>
            </p>
            <Story ticket={ticket} />
          </div>
          {mayAct && <TicketComposer ticket={ticket} />}
        </>
      )}
    </section>
  );
}

/** Replies and notes in order of time. */
function Story({ ticket }: { ticket: TicketDetail }) {
  const texts = [
    ...ticket.replies.map((text) => ({ ...text, note: false })),
    ...ticket.notes.map((text) => ({ ...text, note: true })),
  ].sort((a, b) => a.created_at.localeCompare(b.created_at));
  return (
    <ol className={styles.story}>
      <Reply
        id={ticket.requester_id}
        name={ticket.requester_name}
        at={ticket.opened_at}
        body={ticket.description}
      />
      {texts.map((text) => (
        <Reply
          key={text.id}
          id={text.author_id}
          name={text.author_name}
          at={text.created_at}
          body={text.body}
          staff={text.author_id !== ticket.requester_id}
          note={text.note}
        />
      ))}
    </ol>
  );
}

/** Tells others that this ticket is open here, and returns how many others have it open. */
function useReaders(ticket: string, me: string): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const stop = line.on('viewing', ({ data }) => {
      if (data?.ticket_id !== ticket || !Array.isArray(data.agents)) return;
      setCount(data.agents.filter((agent) => agent !== me).length);
    });
    line.send({ type: 'viewing', ticket_id: ticket });
    return () => {
      stop();
      line.send({ type: 'viewing', ticket_id: null });
    };
  }, [ticket, me]);
  return count;
}
