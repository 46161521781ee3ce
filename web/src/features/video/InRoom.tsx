import { IconClock, IconUsers } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import type { Lesson } from '~/features/scheduling/queries';
import { useDictionaries } from '~/ui/dictionaries';
import { FormAlert } from '~/ui/FormAlert';
import { useNow } from '~/ui/useNow';
import { useFormats } from '~/ui/zone';
import { Controls } from './Controls';
import { Sound } from './Media';
import { PeoplePanel } from './PeoplePanel';
import styles from './Room.module.css';
import { RoomChat } from './RoomChat';
import { Stage } from './Stage';
import type { Devices } from './useDevices';
import type { Room } from './useRoom';

interface Props {
  account: Account;
  lesson: Lesson;
  devices: Devices | null;
  room: Room;
}

export type Panel = 'chat' | 'people' | null;

/** The lesson: people, shared screen, chat, controls with words and keys. */
export function InRoom({ lesson, devices, room }: Props) {
  const { t } = useTranslation('room');
  const { label } = useDictionaries();
  const formats = useFormats();
  const now = useNow(15_000);
  const [panel, setPanel] = useState<Panel>(null);
  const live = room.lesson;
  useRoomKeys(room);
  if (!live) return null;
  const left = Math.round((Date.parse(live.endsAt || lesson.ends_at) - now) / 60_000);
  const sounds = [...live.media].filter(
    ([id, track]) => track.kind === 'audio' && !id.startsWith(`${live.me}:`),
  );
  return (
    <>
      <header className={styles.top}>
        <div>
          <h1>{label('subjects', lesson.subject)}</h1>
          <p>
            {formats.timeRange(lesson.starts_at, lesson.ends_at)} · {lesson.teacher_name}
          </p>
        </div>
        <span className={styles.chip} role="timer">
          <IconClock size={16} aria-hidden />
          {left >= 0 ? t('left', { count: left }) : t('over')}
        </span>
        <span className={styles.line} data-phase={live.phase} role="status">
          {t(
            live.phase === 'reconnecting' ? 'reconnecting' : `quality.${live.quality.get(live.me) ?? 'good'}`,
          )}
        </span>
        <button
          type="button"
          className={styles.chip}
          aria-expanded={panel === 'people'}
          aria-label={t('people.title')}
          onClick={() => setPanel(panel === 'people' ? null : 'people')}
        >
          <IconUsers size={18} aria-hidden />
          {live.participants.size}
        </button>
      </header>
      <div className={styles.body} data-panel={panel !== null}>
        <Stage room={room} devices={devices} />
        {panel === 'chat' && <RoomChat room={room} close={() => setPanel(null)} />}
        {panel === 'people' && <PeoplePanel room={room} close={() => setPanel(null)} />}
      </div>
      <FormAlert error={room.error} />
      <Controls room={room} panel={panel} show={setPanel} />
      {sounds.map(([id, track]) => (
        <Sound key={id} track={track} />
      ))}
    </>
  );
}

/** M sound, V camera, H hand, in every layout of the keyboard. */
function useRoomKeys(room: Room) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName);
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.code === 'KeyM') room.toggle('mic');
      else if (event.code === 'KeyV') room.toggle('camera');
      else if (event.code === 'KeyH') room.hand();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
