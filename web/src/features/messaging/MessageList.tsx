import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
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
const BUBBLE_PX = 56;

/**
 * Messages by day, the latest below. A new one scrolls only for a reader who is at the end; earlier ones leave what is
 * read in its place. Only what is near the seen part is in the page.
 */
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
  const list = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState(0);
  const readUpTo = Math.max(0, ...othersOf(conversation, account).map(({ read_up_to }) => read_up_to));
  const waiting = useMemo(() => {
    const sent = new Set(messages.map(({ client_id }) => client_id));
    return outgoing.filter(({ client_id }) => !sent.has(client_id));
  }, [messages, outgoing]);
  const count = messages.length + waiting.length;
  // A message keeps its place in the list while it is sent.
  const getItemKey = useCallback(
    (index: number) => (messages[index] ?? waiting[index - messages.length])?.client_id ?? index,
    [messages, waiting],
  );
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => BUBBLE_PX,
    getItemKey,
    overscan: 12,
    scrollMargin: margin,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: NEAR_PX,
  });

  const hasEarlier = earlier !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the button stands above the list
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), [hasEarlier]);
  const isEmpty = count === 0;
  useLayoutEffect(() => {
    if (!isEmpty) rows.scrollToEnd();
  }, [isEmpty, rows]);

  const shown = rows.getVirtualItems();
  const before = shown[0] ? shown[0].start - margin : 0;
  const after = rows.getTotalSize() - ((shown.at(-1)?.end ?? margin) - margin);
  return (
    <div
      ref={box}
      className={styles.scroll}
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
      {isEmpty && <p className={styles.quiet}>{t('empty')}</p>}
      <ul ref={list} style={{ paddingTop: before, paddingBottom: after }}>
        {shown.map(({ index, key }) => {
          const message = messages[index];
          const own = waiting[index - messages.length];
          return (
            <li key={key} ref={rows.measureElement} data-index={index} className={styles.item}>
              {message && startsDay(message, messages[index - 1], formats.dayKey) && (
                <h3 className={styles.day}>{formats.longDay(message.sent_at)}</h3>
              )}
              {message && message.sequence === firstUnread && message.sender_id !== account.id && (
                <p className={styles.new}>
                  <span>{t('new')}</span>
                </p>
              )}
              {message && (
                <MessageBubble
                  message={message}
                  own={message.sender_id === account.id}
                  seen={message.sequence <= readUpTo}
                  sender={conversation.kind === 'direct' ? null : nameOf(conversation, message.sender_id)}
                />
              )}
              {own && <OutgoingBubble message={own} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function startsDay(
  message: Message,
  before: Message | undefined,
  dayKey: (instant: string) => string,
): boolean {
  return !before || dayKey(before.sent_at) !== dayKey(message.sent_at);
}

function nameOf(conversation: Conversation, id: string): string | null {
  const people = [...conversation.participants, ...conversation.former_participants];
  return people.find((person) => person.id === id)?.name ?? null;
}
