import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Empty } from '~/ui/Empty';
import { itemsOf, Listed, totalOf } from '~/ui/Listed';
import { PageHead } from '~/ui/Page';
import { NobodyPicture } from '~/ui/pictures';
import { idOf, Rows } from '~/ui/Rows';
import { useFormats } from '~/ui/zone';
import { AsOfButton, AsOfFrame } from './AsOf';
import { BulkBar } from './BulkBar';
import styles from './Desk.module.css';
import { DeskFilters } from './DeskFilters';
import { type TicketFilter, ticketsQuery } from './queries';
import { TicketPanel } from './TicketPanel';
import { TicketRow } from './TicketRow';
import { useDeskKeys } from './useDeskKeys';

interface Props {
  account: Account;
  id: string | undefined;
  search: TicketFilter & { as_of?: string };
}

const GROUPS = ['open', 'in_progress', 'waiting', 'resolved', 'closed'] as const;

/** The queue of tickets with the chosen one beside it. j and k walk, Enter opens, x selects. */
export function DeskPage({ account, id, search }: Props) {
  const { t } = useTranslation('crm');
  const formats = useFormats();
  const navigate = useNavigate();
  const { as_of, ...filter } = search;
  const tickets = useInfiniteQuery(
    ticketsQuery({ ...filter, status: filter.status ?? 'open,in_progress,waiting' }, as_of),
  );
  const items = itemsOf(tickets);
  const total = totalOf(tickets);
  const [selected, setSelected] = useState<readonly string[]>([]);
  const grouped = GROUPS.map((status) => ({
    status,
    of: items?.filter((one) => one.status === status) ?? [],
  })).filter(({ of }) => of.length > 0);
  const order = grouped.flatMap(({ of }) => of.map((one) => one.id));
  const toggle = (one: string) =>
    setSelected((before) =>
      before.includes(one) ? before.filter((other) => other !== one) : [...before, one],
    );
  const open = (one: string) => void navigate({ to: '/crm/tickets/$id', params: { id: one }, search });
  const cursor = useDeskKeys({ order, open, toggle, current: id, clear: () => setSelected([]) });
  const mayAct = !as_of && account.roles.some((role) => role === 'support' || role === 'admin');

  return (
    <AsOfFrame asOf={as_of}>
      <div className={styles.desk} data-open={id !== undefined}>
        <section className={styles.queue} aria-label={t('tickets.title')}>
          <PageHead
            title={t('tickets.title')}
            note={total === null ? null : t('tickets.count', { count: total, n: formats.number(total) })}
          >
            {!as_of && <AsOfButton asOf={as_of} />}
          </PageHead>
          <DeskFilters search={search} />
          <Listed
            query={tickets}
            items={items}
            failed={t('tickets.failed')}
            rows={12}
            height={36}
            empty={
              <Empty picture={<NobodyPicture />} title={t('tickets.none')} text={t('tickets.noneText')} />
            }
          >
            {() =>
              grouped.map(({ status, of }) => (
                <section key={status} className={styles.group} aria-labelledby={`group-${status}`}>
                  <h2 id={`group-${status}`}>
                    {t(`support:status.${status}`)} <span>{of.length}</span>
                  </h2>
                  <Rows items={of} id={idOf} height={37} reveal={cursor}>
                    {(ticket) => (
                      <TicketRow
                        ticket={ticket}
                        search={search}
                        current={ticket.id === id}
                        cursor={ticket.id === cursor}
                        selected={selected.includes(ticket.id)}
                        toggle={mayAct ? toggle : null}
                      />
                    )}
                  </Rows>
                </section>
              ))
            }
          </Listed>
          {selected.length > 0 && mayAct && <BulkBar ids={selected} clear={() => setSelected([])} />}
        </section>
        {id && (
          <TicketPanel key={id} account={account} id={id} search={search} order={order} mayAct={mayAct} />
        )}
      </div>
    </AsOfFrame>
  );
}
