import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { itemsOf, Listed } from '~/ui/Listed';
import { Card } from '~/ui/Page';
import styles from './Crm.module.css';
import { userTicketsQuery } from './queries';

export function UserTickets({ id, asOf }: { id: string; asOf: string | undefined }) {
  const { t } = useTranslation('crm');
  const tickets = useInfiniteQuery(userTicketsQuery(id, asOf));
  return (
    <Card id="tickets" title={t('user.tickets')} flush>
      <Listed
        query={tickets}
        items={itemsOf(tickets)}
        failed={t('tickets.failed')}
        rows={2}
        empty={<p className={styles.quiet}>{t('user.noTickets')}</p>}
      >
        {(items) => (
          <ul className={styles.short}>
            {items.map((ticket) => (
              <li key={ticket.id}>
                <Link to="/crm/tickets/$id" params={{ id: ticket.id }} search={{ as_of: asOf }}>
                  {ticket.title ?? t('untitled')}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </Card>
  );
}
