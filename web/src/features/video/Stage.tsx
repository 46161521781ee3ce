import { IconHandStop, IconMicrophoneOff, IconScreenShare } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Video } from './Media';
import styles from './Room.module.css';
import type { Devices } from './useDevices';
import type { Room } from './useRoom';

/** Tiles of all people; a shared screen comes first and takes the most. */
export function Stage({ room, devices }: { room: Room; devices: Devices | null }) {
  const { t } = useTranslation('room');
  const live = room.lesson;
  if (!live) return null;
  const shared = [...live.tracks.values()].find(({ source }) => source === 'screen');
  const picture = shared && (shared.participant === live.me ? room.screen : live.media.get(shared.id));
  const sharer = shared && live.participants.get(shared.participant)?.name;
  return (
    <div className={styles.stage} data-shared={Boolean(picture)} data-count={live.participants.size}>
      {picture && (
        <figure className={styles.screen}>
          <Video track={picture} label={t('screenOf', { name: sharer ?? '' })} />
          <figcaption>
            <IconScreenShare size={18} aria-hidden />
            {t('screenOf', { name: sharer ?? '' })}
          </figcaption>
        </figure>
      )}
      <ul className={styles.tiles}>
        {[...live.participants.values()].map((person) => (
          <li key={person.id}>
            <Tile
              room={room}
              devices={devices}
              id={person.id}
              name={person.name}
              connected={person.connected}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface TileProps {
  room: Room;
  devices: Devices | null;
  id: string;
  name: string;
  connected: boolean;
}

const BARS = { poor: 1, fair: 2, good: 3 };

function Tile({ room, devices, id, name, connected }: TileProps) {
  const { t } = useTranslation('room');
  const live = room.lesson;
  if (!live) return null;
  const mine = id === live.me;
  const camera = live.tracks.get(`${id}:camera`);
  const mic = live.tracks.get(`${id}:mic`);
  const picture = camera && !camera.muted ? (mine ? devices?.camera : live.media.get(`${id}:camera`)) : null;
  const hand = live.hands.indexOf(id);
  const quality = live.quality.get(id);
  const label = mine ? t('you') : name;
  return (
    <article className={styles.tile} data-speaks={live.speakers.includes(id)} aria-label={label}>
      {picture ? (
        <Video track={picture} mirrored={mine} label={label} />
      ) : (
        <Avatar id={id} name={name} size={96} />
      )}
      {hand >= 0 && (
        <span className={styles.hand}>
          <IconHandStop size={16} aria-hidden />
          {hand + 1}
          <span className="visually-hidden">{t('handUp')}</span>
        </span>
      )}
      <span className={styles.name}>
        {(!mic || mic.muted) && <IconMicrophoneOff size={16} aria-label={t('muted')} role="img" />}
        {label}
        {!connected && ` · ${t('lostPerson')}`}
      </span>
      {quality && (
        <svg
          className={styles.bars}
          viewBox="0 0 16 16"
          width="18"
          height="18"
          role="img"
          aria-label={t(`quality.${quality}`)}
        >
          {[1, 2, 3].map((bar) => (
            <rect
              key={bar}
              x={bar * 5 - 4}
              y={14 - bar * 4}
              width="3"
              height={bar * 4}
              rx="1"
              fill="currentColor"
              opacity={bar <= BARS[quality] ? 1 : 0.3}
            />
          ))}
        </svg>
      )}
    </article>
  );
}
