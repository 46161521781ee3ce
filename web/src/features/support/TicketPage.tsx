import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import type { Account } from '~/features/accounts/queries';
import { Button } from '~/ui/Button';
import { Failed } from '~/ui/Failed';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';
import { NotFound } from '~/ui/NotFound';
import { Card } from '~/ui/Page';
import { Bone } from '~/ui/Skeleton';
import { useFormats } from '~/ui/zone';
import { useRate, useReply } from './commands';
import { ownTicketQuery } from './queries';
import { RatingForm } from './RatingForm';
import { Reply } from './Reply';
import { TicketStatus } from './TicketStatus';
import styles from './Tickets.module.css';

/** Ticket of the requester: the talk with support, and the rating at its end. */
export function TicketPage({ account, id }: { account: Account; id: string }) {
  const { t } = useTranslation('support');
  const formats = useFormats();
  const { data: ticket, error, refetch } = useQuery(ownTicketQuery(id));
  const rate = useRate(id);
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (error && !ticket) return <Failed title={t('failedOne')} error={error} retry={() => void refetch()} />;
  if (!ticket) return <Bone height={240} />;
  const ended = ticket.status === 'resolved' || ticket.status === 'closed';
  return (
    <div className={styles.page}>
      <p className={styles.crumbs}>
        <Link to="/tickets">{t('title')}</Link>
      </p>
      <header className={styles.head}>
        <h1>{ticket.title ?? t('untitled')}</h1>
        <TicketStatus status={ticket.status} />
        <p>
          {[
            ticket.category,
            `${formats.shortDay(ticket.opened_at)}, ${formats.time(ticket.opened_at)}`,
            ticket.assignee_name && t('by', { name: ticket.assignee_name }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </header>
      <ol className={styles.talk}>
        <Reply id={account.id} name={account.name} at={ticket.opened_at} body={ticket.description} />
        {ticket.replies.map((reply) => (
          <Reply
            key={reply.id}
            id={reply.author_id}
            name={reply.author_name}
            at={reply.created_at}
            body={reply.body}
            staff={reply.author_id !== ticket.requester_id}
          />
        ))}
      </ol>
      {ended && (
        <Card id="rating" title={t(ticket.rating ? 'rated' : 'rate')}>
          <RatingForm
            rating={ticket.rating ?? null}
            comment={ticket.rating_comment ?? null}
            error={rate.error}
            busy={rate.isPending}
            send={(rating, comment) => rate.mutate({ rating, comment })}
          />
        </Card>
      )}
      {ticket.status !== 'closed' && <Answer id={id} />}
    </div>
  );
}

function Answer({ id }: { id: string }) {
  const { t } = useTranslation('support');
  const reply = useReply(id);
  const [body, setBody] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (body.trim()) reply.mutate(body.trim(), { onSuccess: () => setBody('') });
  };
  return (
    <form className={styles.answer} onSubmit={send}>
      <Textarea
        label={t('answer')}
        autosize
        minRows={3}
        maxRows={12}
        maxLength={10_000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      <FormAlert error={reply.error} />
      <Button type="submit" variant="primary" busy={reply.isPending ? t('sending') : null}>
        {t('send')}
      </Button>
    </form>
  );
}
