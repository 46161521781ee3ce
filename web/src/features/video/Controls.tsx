import {
  IconDoorExit,
  IconHandStop,
  IconLock,
  IconLockOpen,
  IconMessage,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconScreenShare,
  IconVideo,
  IconVideoOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Panel } from './InRoom';
import styles from './Room.module.css';
import type { Room } from './useRoom';

interface Props {
  room: Room;
  panel: Panel;
  show: (panel: Panel) => void;
}

/** Controls with words under them; leaving is the only red one. */
export function Controls({ room, panel, show }: Props) {
  const { t } = useTranslation('room');
  const live = room.lesson;
  if (!live) return null;
  const may = (source: string) => (live.grants.publish as string[]).includes(source);
  const on = (source: 'mic' | 'camera') => {
    const track = room.own(source);
    return Boolean(track && !track.muted);
  };
  const hand = live.hands.includes(live.me);
  const sharing = Boolean(room.own('screen'));
  return (
    <div className={styles.controls} role="toolbar" aria-label={t('controls.label')}>
      {may('mic') && (
        <Control
          word={t('controls.mic')}
          keys="M"
          pressed={on('mic')}
          disabled={!room.own('mic')}
          press={() => room.toggle('mic')}
        >
          {on('mic') ? (
            <IconMicrophone size={22} stroke={1.6} aria-hidden />
          ) : (
            <IconMicrophoneOff size={22} stroke={1.6} aria-hidden />
          )}
        </Control>
      )}
      {may('camera') && (
        <Control
          word={t('controls.camera')}
          keys="V"
          pressed={on('camera')}
          disabled={!room.own('camera')}
          press={() => room.toggle('camera')}
        >
          {on('camera') ? (
            <IconVideo size={22} stroke={1.6} aria-hidden />
          ) : (
            <IconVideoOff size={22} stroke={1.6} aria-hidden />
          )}
        </Control>
      )}
      {may('screen') && (
        <Control word={t('controls.screen')} pressed={sharing} active={sharing} press={room.shareScreen}>
          <IconScreenShare size={22} stroke={1.6} aria-hidden />
        </Control>
      )}
      <Control word={t('controls.hand')} keys="H" pressed={hand} active={hand} press={room.hand}>
        <IconHandStop size={22} stroke={1.6} aria-hidden />
      </Control>
      {live.grants.chat && (
        <Control
          word={t('controls.chat')}
          pressed={panel === 'chat'}
          active={panel === 'chat'}
          press={() => show(panel === 'chat' ? null : 'chat')}
        >
          <IconMessage size={22} stroke={1.6} aria-hidden />
        </Control>
      )}
      {live.grants.moderate && (
        <>
          <Control
            word={t(live.locked ? 'controls.unlock' : 'controls.lock')}
            pressed={live.locked}
            active={live.locked}
            press={() => room.moderate(live.locked ? 'unlock' : 'lock')}
          >
            {live.locked ? (
              <IconLock size={22} stroke={1.6} aria-hidden />
            ) : (
              <IconLockOpen size={22} stroke={1.6} aria-hidden />
            )}
          </Control>
          <Control word={t('controls.end')} press={() => room.moderate('end')}>
            <IconDoorExit size={22} stroke={1.6} aria-hidden />
          </Control>
        </>
      )}
      <button type="button" className={styles.leave} onClick={room.leave}>
        <IconPhoneOff size={22} stroke={1.6} aria-hidden />
        {t('controls.leave')}
      </button>
    </div>
  );
}

interface ControlProps {
  word: string;
  keys?: string;
  pressed?: boolean;
  active?: boolean;
  disabled?: boolean;
  press: () => void;
  children: ReactNode;
}

function Control({ word, keys, pressed, active, disabled, press, children }: ControlProps) {
  return (
    <button
      type="button"
      className={styles.control}
      aria-pressed={pressed}
      aria-keyshortcuts={keys}
      data-active={active}
      data-off={pressed === false && !active}
      disabled={disabled}
      onClick={press}
    >
      <span>{children}</span>
      {word}
    </button>
  );
}
