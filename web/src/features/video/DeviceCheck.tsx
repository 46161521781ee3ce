import { IconMicrophone, IconMicrophoneOff, IconVideo, IconVideoOff } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lesson } from '~/features/scheduling/queries';
import { Button, ButtonLink } from '~/ui/Button';
import { useDictionaries } from '~/ui/dictionaries';
import { FormAlert } from '~/ui/FormAlert';
import { Select } from '~/ui/mantine/fields';
import { useFormats } from '~/ui/zone';
import { Video } from './Media';
import styles from './Room.module.css';
import type { Device, useDevices } from './useDevices';
import { useLevel } from './useLevel';

interface Props {
  lesson: Lesson;
  devices: ReturnType<typeof useDevices>;
  muted: { mic: boolean; camera: boolean };
  setMuted: (muted: { mic: boolean; camera: boolean }) => void;
  error: unknown;
  join: () => Promise<void>;
}

/** Camera and sound before the lesson: a preview, a level, what to do where they are forbidden. */
export function DeviceCheck({ lesson, devices, muted, setMuted, error, join }: Props) {
  const { t } = useTranslation('room');
  const { label } = useDictionaries();
  const formats = useFormats();
  const bar = useRef<HTMLElement>(null);
  const [joining, setJoining] = useState(false);
  const { mic = null, camera = null } = devices.devices ?? {};
  useLevel(muted.mic ? null : mic, bar);
  const enter = async () => {
    setJoining(true);
    await join();
    setJoining(false);
  };
  const MicIcon = muted.mic || !mic ? IconMicrophoneOff : IconMicrophone;
  const CameraIcon = muted.camera || !camera ? IconVideoOff : IconVideo;
  return (
    <div className={styles.check}>
      <section className={styles.preview} aria-label={t('check.preview')}>
        {camera && !muted.camera ? (
          <Video track={camera} mirrored label={t('check.preview')} />
        ) : (
          <p>
            {t(devices.devices === null ? 'check.asking' : camera ? 'check.cameraOff' : 'check.noCamera')}
          </p>
        )}
        <div className={styles.previewButtons}>
          <button
            type="button"
            aria-pressed={!muted.mic}
            disabled={!mic}
            aria-label={t('controls.mic')}
            onClick={() => setMuted({ ...muted, mic: !muted.mic })}
          >
            <MicIcon size={22} stroke={1.6} aria-hidden />
          </button>
          <button
            type="button"
            aria-pressed={!muted.camera}
            disabled={!camera}
            aria-label={t('controls.camera')}
            onClick={() => setMuted({ ...muted, camera: !muted.camera })}
          >
            <CameraIcon size={22} stroke={1.6} aria-hidden />
          </button>
        </div>
      </section>
      <section className={styles.checkSide}>
        <h1>{label('subjects', lesson.subject)}</h1>
        <p className={styles.quiet}>
          {formats.longDay(lesson.starts_at)}, {formats.timeRange(lesson.starts_at, lesson.ends_at)}
        </p>
        {mic ? (
          <div className={styles.level}>
            <IconMicrophone size={18} aria-hidden />
            <span aria-hidden>
              <i ref={bar} />
            </span>
            <p>{t('check.speak')}</p>
          </div>
        ) : (
          devices.devices && <p className={styles.quiet}>{t('check.noMic')}</p>
        )}
        {(['camera', 'mic'] as const).map((device) => (
          <DeviceSelect key={device} device={device} devices={devices} />
        ))}
        {devices.fault && (
          <div className={styles.fault} role="status">
            <p>{t(`check.${devices.fault}`)}</p>
            <Button size="small" onClick={() => void devices.ask()}>
              {t('check.again')}
            </Button>
          </div>
        )}
        <FormAlert error={error} />
        <Button
          variant="primary"
          size="large"
          wide
          busy={joining ? t('check.joining') : null}
          onClick={() => void enter()}
        >
          {t('check.join')}
        </Button>
        <ButtonLink to="/lessons/$id" params={{ id: lesson.id }} variant="quiet" wide>
          {t('check.back')}
        </ButtonLink>
      </section>
    </div>
  );
}

/** Which camera or microphone to use, where there is a choice. */
function DeviceSelect({ device, devices }: { device: Device; devices: Props['devices'] }) {
  const { t } = useTranslation('room');
  const choices = devices.choices[device];
  if (choices.length < 2) return null;
  return (
    <Select
      label={t(`check.which.${device}`)}
      data={choices.map(({ id, name }) => ({ value: id, label: name }))}
      value={devices.devices?.[device]?.getSettings().deviceId ?? null}
      allowDeselect={false}
      onChange={(id) => id && devices.choose(device, id)}
    />
  );
}
