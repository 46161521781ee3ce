import { IconChevronRight, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed } from '~/ui/Listed';
import { PageHead } from '~/ui/Page';
import { NobodyPicture } from '~/ui/pictures';
import { useFormats } from '~/ui/zone';
import { NewTicketDialog } from './NewTicketDialog';
import { ownTicketsQuery } from './queries';
import { TicketStatus } from './TicketStatus';
import styles from './Tickets.module.css';

/** Tickets of the requester. */
export function TicketsPage() {
  const { t } = useTranslation('support');
  const formats = useFormats();
  const [asking, setAsking] = useState(false);
  const tickets = useInfiniteQuery(ownTicketsQuery);
  return (
    <div className={styles.page}>
      <PageHead title={t('title')} note={t('text')}>
        <Button variant="primary" icon={<IconPlus size={18} aria-hidden />} onClick={() => setAsking(true)}>
          {t('new')}
        </Button>
      </PageHead>
      <Listed
        query={tickets}
        items={itemsOf(tickets)}
        failed={t('failed')}
        empty={<Empty picture={<NobodyPicture />} title={t('none')} text={t('noneText')} />}
      >
        {(items) => (
          <ul className={styles.list}>
            {items.map((ticket) => (
              <li key={ticket.id}>
                <Link to="/tickets/$id" params={{ id: ticket.id }} className={styles.row}>
                  <span className={styles.what}>
                    <b>{ticket.title ?? t('untitled')}</b>
                    <span>
                      {ticket.category} · {formats.shortDay(ticket.updated_at)},{' '}
                      {formats.time(ticket.updated_at)}
                    </span>
                  </span>
                  <TicketStatus status={ticket.status} />
                  <IconChevronRight size={18} stroke={1.8} aria-hidden />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Listed>
      {asking && <NewTicketDialog close={() => setAsking(false)} />}
    </div>
  );
}
