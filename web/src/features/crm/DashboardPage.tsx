import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Failed } from '~/ui/Failed';
import { Card, PageHead } from '~/ui/Page';
import { Bone } from '~/ui/Skeleton';
import { useFormats } from '~/ui/zone';
import { Activity } from './Activity';
import { AsOfButton, AsOfFrame } from './AsOf';
import styles from './Crm.module.css';
import { Figures } from './Figures';
import { dashboardQuery } from './queries';
import { TicketTable } from './TicketTable';
import { UserTable } from './UserTable';

/** The desk at a glance: figures, the latest tickets and people, what happens. */
export function DashboardPage({ as_of }: { as_of: string | undefined }) {
  const { t } = useTranslation('crm');
  const formats = useFormats();
  const { data, error, refetch } = useQuery(dashboardQuery(as_of));
  return (
    <AsOfFrame asOf={as_of} position={data?.as_of_position}>
      <PageHead
        title={t('dashboard.title')}
        note={as_of && t('dashboard.asOf', { time: `${formats.shortDay(as_of)}, ${formats.time(as_of)}` })}
      >
        {!as_of && <AsOfButton asOf={as_of} />}
      </PageHead>
      {error && !data && <Failed title={t('dashboard.failed')} error={error} retry={() => void refetch()} />}
      {!data && !error && <Bone height={480} />}
      {data && (
        <>
          <Figures data={data} asOf={as_of} />
          <div className={styles.columns}>
            <div className={styles.main}>
              <Card
                id="latest-tickets"
                title={t('dashboard.tickets')}
                action={
                  <Link to="/crm/tickets" search={{ as_of, status: 'open,in_progress,waiting' }}>
                    {t('dashboard.allTickets')}
                  </Link>
                }
                flush
              >
                <TicketTable tickets={data.latest_tickets} asOf={as_of} />
              </Card>
              <Card
                id="latest-users"
                title={t('dashboard.users')}
                action={
                  <Link to="/crm/users" search={{ as_of }}>
                    {t('dashboard.allUsers')}
                  </Link>
                }
                flush
              >
                <UserTable users={data.latest_users} asOf={as_of} short />
              </Card>
            </div>
            <Activity entries={data.recent_activity} asOf={as_of} />
          </div>
        </>
      )}
    </AsOfFrame>
  );
}
