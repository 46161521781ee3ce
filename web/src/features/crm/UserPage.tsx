import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import type { Account } from '~/features/accounts/queries';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { Chip } from '~/ui/Chip';
import { Failed } from '~/ui/Failed';
import { NotFound } from '~/ui/NotFound';
import { Bone } from '~/ui/Skeleton';
import { AsOfButton, AsOfFrame } from './AsOf';
import { CorrectDialog } from './CorrectDialog';
import styles from './Crm.module.css';
import { type Contacts, userQuery } from './queries';
import { RevealDialog } from './RevealDialog';
import { SuspendDialog } from './SuspendDialog';
import { Timeline } from './Timeline';
import { UserFacts } from './UserFacts';
import { UserTickets } from './UserTickets';

interface Props {
  account: Account;
  id: string;
  as_of: string | undefined;
}

/** A person for the desk: data, figures, tickets, everything that happened. */
export function UserPage({ account, id, as_of }: Props) {
  const { t } = useTranslation('crm');
  const { data: user, error, refetch } = useQuery(userQuery(id, as_of));
  const [opened, setOpened] = useState<'suspend' | 'correct' | 'reveal' | null>(null);
  const [contacts, setContacts] = useState<Contacts | null>(null);
  const mayAct = !as_of && account.roles.some((role) => role === 'support' || role === 'admin');
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (error && !user) return <Failed title={t('user.failed')} error={error} retry={() => void refetch()} />;
  if (!user) return <Bone height={400} />;
  return (
    <AsOfFrame asOf={as_of}>
      <header className={styles.userHead}>
        <Avatar id={user.id} name={user.name} size={64} />
        <div>
          <h1>{user.name}</h1>
          <p>
            {[
              user.nickname && `@${user.nickname}`,
              ...user.roles.map((role) => t(`common:roles.${role}`, role)),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        <Chip tone={user.status === 'active' ? 'ok' : 'error'}>
          {t(`userStatus.${user.status}`, user.status)}
        </Chip>
        <span className={styles.headActions}>
          {!as_of && <AsOfButton asOf={as_of} />}
          {!as_of && !mayAct && !contacts && user.status !== 'erased' && (
            <Button size="small" onClick={() => setOpened('reveal')}>
              {t('user.reveal')}
            </Button>
          )}
          {mayAct && user.status !== 'erased' && (
            <Button size="small" onClick={() => setOpened('correct')}>
              {t('correct.open')}
            </Button>
          )}
          {mayAct && user.status !== 'erased' && (
            <Button
              size="small"
              variant={user.status === 'active' ? 'danger' : 'secondary'}
              onClick={() => setOpened('suspend')}
            >
              {t(user.status === 'active' ? 'user.suspend' : 'user.reinstate')}
            </Button>
          )}
        </span>
      </header>
      <div className={styles.columns}>
        <Timeline id={id} asOf={as_of} />
        <div className={styles.main}>
          <UserFacts user={{ ...user, ...contacts }} />
          <UserTickets id={id} asOf={as_of} />
        </div>
      </div>
      {opened === 'suspend' && <SuspendDialog user={user} close={() => setOpened(null)} />}
      {opened === 'reveal' && (
        <RevealDialog
          user={user}
          done={(revealed) => {
            setContacts(revealed);
            setOpened(null);
          }}
          close={() => setOpened(null)}
        />
      )}
      {opened === 'correct' && <CorrectDialog user={user} close={() => setOpened(null)} />}
    </AsOfFrame>
  );
}
