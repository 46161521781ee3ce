import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Avatar } from '~/ui/Avatar';
import styles from './Messages.module.css';
import { othersOf, titleOf } from './people';
import type { Conversation } from './queries';
import { useWhenWord } from './whenWord';

export function ConversationRow({
  account,
  conversation,
  current,
}: {
  account: Account;
  conversation: Conversation;
  current: boolean;
}) {
  const { t } = useTranslation('messaging');
  const when = useWhenWord();
  const { last_message: last, unread } = conversation;
  const [other] = othersOf(conversation, account);
  const text = last?.deleted ? t('deleted') : last?.body || (last ? t('file') : '');
  return (
    <Link
      to="/messages/$id"
      params={{ id: conversation.id }}
      search={(before) => before}
      className={styles.row}
      aria-current={current ? 'page' : undefined}
    >
      <Avatar
        id={other?.id ?? conversation.id}
        name={titleOf(conversation, account)}
        url={other?.avatar_url}
        size={44}
      />
      <span className={styles.rowText}>
        <b>{titleOf(conversation, account)}</b>
        <span data-unread={unread > 0}>
          {last?.sender_id === account.id && `${t('you')}: `}
          {text}
        </span>
      </span>
      <span className={styles.rowSide}>
        {last && <time dateTime={last.sent_at}>{when(last.sent_at)}</time>}
        {unread > 0 && <UnreadCount count={unread} />}
      </span>
    </Link>
  );
}

function UnreadCount({ count }: { count: number }) {
  const { t } = useTranslation('messaging');
  return (
    <b>
      <span aria-hidden>{count}</span>
      <span className="visually-hidden">{t('unread', { count })}</span>
    </b>
  );
}
