import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import type { Account } from '~/features/accounts/queries';
import { lessonQuery } from '~/features/scheduling/queries';
import { Failed } from '~/ui/Failed';
import { NotFound } from '~/ui/NotFound';
import { Bone } from '~/ui/Skeleton';
import { DeviceCheck } from './DeviceCheck';
import { Ended } from './Ended';
import { InRoom } from './InRoom';
import { Lobby } from './Lobby';
import styles from './Room.module.css';
import { useDevices } from './useDevices';
import { useRoom } from './useRoom';

/** The lesson room: device check, lobby, lesson, end. */
export function RoomPage({ account, id }: { account: Account; id: string }) {
  const { t } = useTranslation('room');
  const lesson = useQuery(lessonQuery(id));
  const devices = useDevices();
  const room = useRoom(id);
  const [muted, setMuted] = useState({ mic: false, camera: false });
  const phase = room.lesson?.phase;
  const { release } = devices;
  const over = room.ending !== null || phase === 'ended';
  useEffect(() => {
    if (over) release();
  }, [over, release]);

  if (lesson.error instanceof ProblemError && lesson.error.status === 404) return <NotFound />;
  if (lesson.error && !lesson.data) {
    return <Failed title={t('failed')} error={lesson.error} retry={() => void lesson.refetch()} />;
  }
  if (!lesson.data) return <Bone height={400} />;
  if (over) return <Ended lesson={lesson.data} ending={room.ending ?? 'left'} />;
  if (!room.lesson || phase === 'idle' || phase === 'connecting') {
    return (
      <DeviceCheck
        lesson={lesson.data}
        devices={devices}
        muted={muted}
        setMuted={setMuted}
        error={room.error}
        join={() => room.join(devices.devices ?? { mic: null, camera: null }, muted)}
      />
    );
  }
  return (
    <div className={styles.full} data-mantine-color-scheme="dark">
      {phase === 'lobby' ? (
        <Lobby leave={room.leave} />
      ) : (
        <InRoom account={account} lesson={lesson.data} devices={devices.devices} room={room} />
      )}
    </div>
  );
}
