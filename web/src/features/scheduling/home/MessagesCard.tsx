import { IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { ConversationRow } from '~/features/messaging/ConversationRow';
import { Failed } from '~/ui/Failed';
import { Bone } from '~/ui/Skeleton';
import styles from './HomePage.module.css';
import { latestConversationsQuery } from './queries';

/** The last three conversations. */
export function MessagesCard({ account }: { account: Account }) {
  const { t } = useTranslation('messaging');
  const { data, error, refetch } = useQuery(latestConversationsQuery);
  if (error && !data) {
    return (
      <section className={styles.card}>
        <Failed title={t('failed')} error={error} retry={() => void refetch()} />
      </section>
    );
  }
  if (!data) return <Bone height={200} />;
  if (data.length === 0) return null;
  return (
    <section className={styles.rows} aria-labelledby="talks">
      <header className={styles.cardHead}>
        <h2 id="talks">{t('title')}</h2>
        <Link to="/messages">
          {t('all')}
          <IconChevronRight size={16} stroke={2} aria-hidden />
        </Link>
      </header>
      <ul className={styles.talks}>
        {data.map((conversation) => (
          <li key={conversation.id}>
            <ConversationRow account={account} conversation={conversation} current={false} />
          </li>
        ))}
      </ul>
    </section>
  );
}
