import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, SubmitButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { itemsOf, Listed } from '~/ui/Listed';
import { toast } from '~/ui/toasts';
import { useFormats } from '~/ui/zone';
import { TicketStatus } from '../support/TicketStatus';
import { useChangeTicket } from './commands';
import styles from './Desk.module.css';
import { type TicketDetail, userTicketsQuery } from './queries';

/** Merges a ticket into another of the same person, where it goes on. */
export function MergeDialog({ ticket, close }: { ticket: TicketDetail; close: () => void }) {
  const { t } = useTranslation('crm');
  const formats = useFormats();
  const navigate = useNavigate();
  const tickets = useInfiniteQuery(userTicketsQuery(ticket.requester_id, undefined));
  const others = itemsOf(tickets)?.filter(({ id, merged_into }) => id !== ticket.id && !merged_into);
  const merge = useChangeTicket(ticket.id, ticket.version);
  const [into, setInto] = useState<string | null>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (into === null) return;
    merge.mutate(
      { step: 'merge', into },
      {
        onSuccess: () => {
          close();
          toast({ tone: 'ok', title: t('merge.done') });
          void navigate({ to: '/crm/tickets/$id', params: { id: into }, search: (before) => before });
        },
      },
    );
  };
  return (
    <Dialog title={t('merge.title')} close={close} size={560}>
      <form onSubmit={send} className={styles.merge}>
        <p>{t('merge.text', { name: ticket.requester_name })}</p>
        <Listed
          query={tickets}
          items={others}
          failed={t('tickets.failed')}
          rows={3}
          height={48}
          empty={<p className={styles.mergeNone}>{t('merge.none')}</p>}
        >
          {(items) => (
            <fieldset className={styles.mergeList}>
              <legend className="visually-hidden">{t('merge.into')}</legend>
              {items.map(({ id, title, status, opened_at }) => (
                <label key={id} className={styles.mergeRow} data-chosen={id === into}>
                  <input type="radio" name="into" checked={id === into} onChange={() => setInto(id)} />
                  <span>{title ?? t('untitled')}</span>
                  <TicketStatus status={status} />
                  <time dateTime={opened_at}>{formats.shortDay(opened_at)}</time>
                </label>
              ))}
            </fieldset>
          )}
        </Listed>
        <FormAlert error={merge.error} />
        <SubmitButtons
          submit={t('merge.submit')}
          busy={merge.isPending ? t('saving') : null}
          disabled={into === null}
          close={close}
        />
      </form>
    </Dialog>
  );
}
