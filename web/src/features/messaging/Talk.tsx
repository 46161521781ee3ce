import { IconChevronLeft } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { line } from '~/api/live';
import { ProblemError } from '~/api/problem';
import type { Account } from '~/features/accounts/queries';
import { Avatar } from '~/ui/Avatar';
import { Failed } from '~/ui/Failed';
import { NotFound } from '~/ui/NotFound';
import { Bone } from '~/ui/Skeleton';
import { useOnline } from '~/ui/useLine';
import { Composer } from './Composer';
import { useMarkRead } from './commands';
import { MessageList } from './MessageList';
import styles from './Messages.module.css';
import { useOutbox } from './outbox';
import { othersOf, titleOf } from './people';
import { type Conversation, conversationQuery, messagesQuery } from './queries';
import { TalkMenu } from './TalkMenu';

const TYPING_SHOWN_MS = 5_000;

/** One conversation: its messages, those on their way, and the field for the next. */
export function Talk({ account, id }: { account: Account; id: string }) {
  const { t } = useTranslation('messaging');
  const conversation = useQuery(conversationQuery(id));
  const messages = useInfiniteQuery(messagesQuery(id));
  const outgoing = useOutbox(id, account.id);
  const typing = useTyping(id, account.id);
  const online = useOnline();
  const read = useMarkRead(id);
  const all = messages.data?.pages.toReversed().flatMap(({ data }) => data);
  const last = all?.at(-1)?.sequence;
  const { data } = conversation;
  const own = data?.participants.find((person) => person.id === account.id)?.read_up_to ?? 0;
  // What was unread when the talk was opened stays marked while one reads.
  const [firstUnread, setFirstUnread] = useState<number | null>(null);
  useEffect(() => {
    if (!data || last === undefined || firstUnread !== null) return;
    setFirstUnread(own < last ? own + 1 : 0);
  }, [data, last, own, firstUnread]);
  const asked = useRef(0);
  const { mutate } = read;
  useEffect(() => {
    if (!data || last === undefined || last <= own || last <= asked.current || document.hidden) return;
    asked.current = last;
    mutate(last);
  }, [data, last, own, mutate]);

  const error = conversation.error ?? messages.error;
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (error && !all)
    return <Failed title={t('failedTalk')} error={error} retry={() => void messages.refetch()} />;
  return (
    <section className={styles.talk} aria-label={data ? titleOf(data, account) : t('title')}>
      <header className={styles.talkHead}>
        <Link to="/messages" className={styles.back} aria-label={t('back')}>
          <IconChevronLeft size={22} stroke={1.8} aria-hidden />
        </Link>
        {data && (
          <Who
            account={account}
            conversation={data}
            note={!online ? t('waiting') : typing ? t('typing') : null}
          />
        )}
        {data && <TalkMenu conversation={data} />}
      </header>
      {all && data ? (
        <MessageList
          account={account}
          conversation={data}
          messages={all}
          outgoing={outgoing}
          firstUnread={firstUnread ?? 0}
          earlier={messages.hasNextPage ? () => void messages.fetchNextPage() : null}
          loading={messages.isFetchingNextPage}
        />
      ) : (
        <div className={styles.scroll} aria-busy>
          <Bone width="50%" height={48} />
          <Bone width="60%" height={48} />
        </div>
      )}
      {data?.blocked ? (
        <p className={styles.blocked}>{t('blocked')}</p>
      ) : (
        <Composer account={account} id={id} />
      )}
    </section>
  );
}

function Who({
  account,
  conversation,
  note,
}: {
  account: Account;
  conversation: Conversation;
  note: string | null;
}) {
  const [other] = othersOf(conversation, account);
  return (
    <>
      <Avatar
        id={other?.id ?? conversation.id}
        name={titleOf(conversation, account)}
        url={other?.avatar_url}
        size={40}
      />
      <div className={styles.who}>
        <h2>{titleOf(conversation, account)}</h2>
        <p role="status">{note}</p>
      </div>
    </>
  );
}

/** True while the other side types. */
function useTyping(conversation: string, me: string): boolean {
  const [typing, setTyping] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = line.on('typing', ({ data }) => {
      if (data?.conversation_id !== conversation || data.account_id === me) return;
      setTyping(true);
      clearTimeout(timer);
      timer = setTimeout(() => setTyping(false), TYPING_SHOWN_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [conversation, me]);
  return typing;
}
