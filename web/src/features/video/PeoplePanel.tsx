import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import styles from './Room.module.css';
import type { Room } from './useRoom';

/** People in the lesson room and in its lobby; the teacher lets in, mutes and removes. */
export function PeoplePanel({ room, close }: { room: Room; close: () => void }) {
  const { t } = useTranslation('room');
  const live = room.lesson;
  if (!live) return null;
  const { moderate } = live.grants;
  return (
    <aside className={styles.panel} aria-labelledby="room-people">
      <header>
        <h2 id="room-people">{t('people.title')}</h2>
        <button type="button" aria-label={t('common:close')} onClick={close}>
          <IconX size={18} aria-hidden />
        </button>
      </header>
      <ul className={styles.people}>
        {live.lobby.map((person) => (
          <li key={person.id}>
            <Avatar id={person.id} name={person.name} size={32} />
            <span>
              {person.name} · {t('people.waits')}
            </span>
            <Button size="small" variant="primary" onClick={() => room.moderate('admit', person.id)}>
              {t('people.admit')}
            </Button>
            <Button size="small" onClick={() => room.moderate('deny', person.id)}>
              {t('people.deny')}
            </Button>
          </li>
        ))}
        {[...live.participants.values()].map((person) => (
          <li key={person.id}>
            <Avatar id={person.id} name={person.name} size={32} />
            <span>{person.id === live.me ? t('you') : person.name}</span>
            {moderate && person.id !== live.me && (
              <>
                <Button size="small" onClick={() => room.moderate('mute', person.id)}>
                  {t('people.mute')}
                </Button>
                <Button size="small" variant="danger" onClick={() => room.moderate('remove', person.id)}>
                  {t('people.remove')}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
    </aside>
  );
}
