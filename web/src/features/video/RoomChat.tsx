import { IconSend2, IconX } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { useFormats } from '~/ui/zone';
import styles from './Room.module.css';
import type { Room } from './useRoom';

const LONGEST = 2000;

/** Chat of the lesson; it stays with the conversation of the lesson. */
export function RoomChat({ room, close }: { room: Room; close: () => void }) {
  const { t } = useTranslation('room');
  const formats = useFormats();
  const end = useRef<HTMLLIElement>(null);
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  const messages = room.lesson?.chat ?? [];
  const count = messages.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is the trigger
  useEffect(() => {
    // It returns a promise in new browsers, which is no cleanup.
    void end.current?.scrollIntoView({ block: 'nearest' });
  }, [count]);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    try {
      await room.say(text.trim());
      setText('');
      setRefused(false);
    } catch {
      setRefused(true);
    }
  };
  return (
    <aside className={styles.panel} aria-labelledby="room-chat">
      <header>
        <h2 id="room-chat">{t('chat.title')}</h2>
        <button type="button" aria-label={t('common:close')} onClick={close}>
          <IconX size={18} aria-hidden />
        </button>
      </header>
      <ol className={styles.log} role="log">
        {messages.map((message) => (
          <li key={message.id}>
            <Avatar id={message.participant} name={message.name} size={32} />
            <div>
              <p>
                <b>{message.participant === room.lesson?.me ? t('you') : message.name}</b>{' '}
                <time>{formats.time(message.at)}</time>
              </p>
              <p>{message.text}</p>
            </div>
          </li>
        ))}
        <li ref={end} aria-hidden />
      </ol>
      <form onSubmit={(event) => void send(event)}>
        <input
          aria-label={t('chat.write')}
          placeholder={t('chat.write')}
          value={text}
          maxLength={LONGEST}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" aria-label={t('chat.send')}>
          <IconSend2 size={20} aria-hidden />
        </button>
      </form>
      <p className={styles.hint} role="status">
        {t(refused ? 'chat.refused' : 'chat.stays')}
      </p>
    </aside>
  );
}
