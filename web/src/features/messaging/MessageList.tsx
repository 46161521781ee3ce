import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { Button } from '~/ui/Button';
import { useFormats } from '~/ui/zone';
import { MessageBubble } from './MessageBubble';
import styles from './Messages.module.css';
import { OutgoingBubble } from './OutgoingBubble';
import type { Outgoing } from './outbox';
import { othersOf } from './people';
import type { Conversation, Message } from './queries';

interface Props {
  account: Account;
  conversation: Conversation;
  messages: Message[];
  outgoing: Outgoing[];
  /** Number of the first message that was unread at opening; 0 for none. */
  firstUnread: number;
  earlier: (() => void) | null;
  loading: boolean;
}

const NEAR_PX = 120;

/** Messages by day, the latest below. A new one scrolls only for a reader who is at the end. */
export function MessageList({
  account,
  conversation,
  messages,
  outgoing,
  firstUnread,
  earlier,
  loading,
}: Props) {
  const { t } = useTranslation('messaging');
  const formats = useFormats();
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const height = useRef(0);
  const first = messages[0]?.id;
  const known = useRef(first);
  const readUpTo = Math.max(0, ...othersOf(conversation, account).map(({ read_up_to }) => read_up_to));
  const sent = new Set(messages.map(({ client_id }) => client_id));
  const waiting = outgoing.filter(({ client_id }) => !sent.has(client_id));
  const count = messages.length + waiting.length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed number of messages is the trigger
  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    if (known.current !== first) list.scrollTop += list.scrollHeight - height.current;
    else if (atEnd.current) list.scrollTop = list.scrollHeight;
    known.current = first;
    height.current = list.scrollHeight;
  }, [count, first]);

  const onScroll = () => {
    const list = box.current;
    if (list) atEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
  };

  let day = '';
  return (
    <div
      ref={box}
      className={styles.scroll}
      onScroll={onScroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable
      tabIndex={0}
      role="log"
      aria-label={t('messages')}
    >
      {earlier && (
        <p className={styles.earlier}>
          <Button size="small" busy={loading ? t('loading') : null} onClick={earlier}>
            {t('earlier')}
          </Button>
        </p>
      )}
      {count === 0 && <p className={styles.quiet}>{t('empty')}</p>}
      <ul>
        {messages.map((message) => {
          const key = formats.dayKey(message.sent_at);
          const isNewDay = key !== day;
          day = key;
          return (
            <li key={message.id} className={styles.item}>
              {isNewDay && <h3 className={styles.day}>{formats.longDay(message.sent_at)}</h3>}
              {message.sequence === firstUnread && message.sender_id !== account.id && (
                <p className={styles.new}>
                  <span>{t('new')}</span>
                </p>
              )}
              <MessageBubble
                message={message}
                own={message.sender_id === account.id}
                seen={message.sequence <= readUpTo}
                sender={conversation.kind === 'direct' ? null : nameOf(conversation, message.sender_id)}
              />
            </li>
          );
        })}
        {waiting.map((message) => (
          <li key={message.client_id} className={styles.item}>
            <OutgoingBubble message={message} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function nameOf(conversation: Conversation, id: string): string | null {
  const people = [...conversation.participants, ...conversation.former_participants];
  return people.find((person) => person.id === id)?.name ?? null;
}
