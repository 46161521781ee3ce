import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Dialog, DialogButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { TextInput } from '~/ui/mantine/fields';
import { toast } from '~/ui/toasts';
import { useFormats, useZone } from '~/ui/zone';
import { instantOf } from '~/ui/zones';
import { useOthers } from '../others';
import { type Lesson, slotsQuery } from '../queries';
import styles from './Calendar.module.css';
import { useMoveLesson } from './commands';
import { conflictAt, dayAndMinute, type Entry } from './entries';
import { clock, minuteOf } from './slotForm';

const WEEKS_MS = 14 * 86_400_000;

interface Props {
  lesson: Lesson;
  startsAt?: Date;
  entries: Entry[];
  close: () => void;
}

/** Another time for a lesson: a student takes a free one at once, or either side proposes one. */
export function MoveDialog({ lesson, startsAt, entries, close }: Props) {
  const { t } = useTranslation('calendar');
  const { zone } = useZone();
  const formats = useFormats();
  const others = useOthers();
  const move = useMoveLesson();
  const start = dayAndMinute((startsAt ?? new Date(lesson.starts_at)).getTime(), zone);
  const [day, setDay] = useState(start.day);
  const [time, setTime] = useState(clock(start.minute));
  const [slotId, setSlotId] = useState<string | null>(null);
  const [now] = useState(() => Math.floor(Date.now() / 3_600_000) * 3_600_000);
  const student = lesson.my_role === 'student';
  const free = useQuery({
    ...slotsQuery(lesson.teacher_id, new Date(now), new Date(now + WEEKS_MS)),
    enabled: student && lesson.capacity === 1,
  });
  const alike = (free.data ?? []).filter(
    (slot) => slot.duration_minutes === lesson.duration_minutes && slot.subject === lesson.subject,
  );
  const at = instantOf(day, minuteOf(time), zone);
  const lasts = lesson.duration_minutes * 60_000;
  const conflict = slotId ? null : conflictAt(entries, lesson.id, at.getTime(), at.getTime() + lasts);
  const write = (from: Date | string, to: Date | string) =>
    `${formats.shortDay(from)}, ${formats.timeRange(from, to)}`;
  const chosen = alike.find(({ id }) => id === slotId);
  const target = chosen ? new Date(chosen.starts_at) : at;

  const send = () =>
    move.mutate(
      chosen ? { id: lesson.id, slotId: chosen.id } : { id: lesson.id, startsAt: at.toISOString() },
      {
        onSuccess: () => {
          toast({
            tone: 'ok',
            title: t(chosen ? 'move.moved' : 'move.proposed'),
            text: write(target, new Date(target.getTime() + lasts)),
          });
          close();
        },
      },
    );

  return (
    <Dialog title={t('move.title')} close={close}>
      <dl className={styles.was}>
        <dt>{t('move.was')}</dt>
        <dd>
          <s>{write(lesson.starts_at, lesson.ends_at)}</s>
        </dd>
        <dt>{t('move.becomes')}</dt>
        <dd>{write(target, new Date(target.getTime() + lasts))}</dd>
      </dl>
      {alike.length > 0 && (
        <fieldset style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <legend style={{ marginBottom: 8, fontWeight: 550 }}>{t('move.free')}</legend>
          <div className={styles.choices}>
            {alike.slice(0, 12).map((slot) => (
              <label key={slot.id} className={styles.choice}>
                <input
                  type="radio"
                  name="slot"
                  checked={slotId === slot.id}
                  onChange={() => setSlotId(slot.id)}
                />
                <b>{write(slot.starts_at, slot.ends_at)}</b>
              </label>
            ))}
            <label className={styles.choice}>
              <input type="radio" name="slot" checked={slotId === null} onChange={() => setSlotId(null)} />
              <b>{t('move.other')}</b>
            </label>
          </div>
        </fieldset>
      )}
      {slotId === null && (
        <>
          <div className={styles.pair}>
            <TextInput
              type="date"
              label={t('fields.day')}
              value={day}
              onChange={(event) => setDay(event.currentTarget.value)}
            />
            <TextInput
              type="time"
              step={300}
              label={t('fields.time')}
              value={time}
              onChange={(event) => setTime(event.currentTarget.value)}
            />
          </div>
          {conflict && (
            <p className={styles.warning} role="status">
              <IconAlertTriangle size={20} aria-hidden />
              {t('conflict.text', {
                name: conflict.lesson ? others(conflict.lesson) : t('block.free'),
                time: formats.timeRange(new Date(conflict.startsAt), new Date(conflict.endsAt)),
              })}
            </p>
          )}
          <p className={styles.hint}>
            <IconInfoCircle size={16} aria-hidden /> {t('move.proposal', { name: others(lesson) })}
          </p>
        </>
      )}
      <FormAlert error={move.error} />
      <DialogButtons>
        <Button size="large" onClick={close}>
          {t('cancel')}
        </Button>
        <Button variant="primary" size="large" busy={move.isPending ? t('saving') : null} onClick={send}>
          {t(slotId ? 'move.take' : 'move.propose', {
            time: `${formats.shortDay(target)}, ${formats.time(target)}`,
          })}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
