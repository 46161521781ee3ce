import { IconMessages } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { ConversationList } from './ConversationList';
import styles from './Messages.module.css';
import { Talk } from './Talk';

interface Props {
  account: Account;
  id: string | undefined;
  q: string | undefined;
  archived: boolean;
}

/** List and talk side by side; on a phone one of them. */
export function MessagesPage({ account, id, q, archived }: Props) {
  const { t } = useTranslation('messaging');
  return (
    <div className={styles.page} data-open={id !== undefined}>
      <ConversationList account={account} current={id} q={q ?? ''} archived={archived} />
      {id ? (
        <Talk key={id} account={account} id={id} />
      ) : (
        <div className={styles.none}>
          <IconMessages size={40} stroke={1.3} aria-hidden />
          <p>{t('choose')}</p>
        </div>
      )}
    </div>
  );
}
