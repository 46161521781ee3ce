import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Bone } from '~/ui/Skeleton';
import { useFormats } from '~/ui/zone';
import type { Slot } from './queries';
import styles from './WeekGrid.module.css';

interface Props {
  day: string;
  today: string;
  /** The middle of the day, to write it. */
  noon: Date;
  /** Absent while they are loaded. */
  slots: Slot[] | undefined;
  chosen: string | undefined;
  choose: (slot: string) => void;
}

export function DayColumn({ day, today, noon, slots, chosen, choose }: Props) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const past = day < today;
  return (
    <div className={styles.day} data-past={past} data-empty={slots?.length === 0}>
      <h3 className={styles.dayHead} data-today={day === today}>
        <span aria-hidden>{formats.weekday(noon)}</span>
        <b aria-hidden>{formats.dayNumber(noon)}</b>
        <span className="visually-hidden">{formats.longDay(noon)}</span>
      </h3>
      {!slots && !past && <Bone height={40} />}
      {past && <p className={styles.word}>{t('week.past')}</p>}
      {!past && slots?.length === 0 && <p className={styles.word}>{t('week.noTime')}</p>}
      <ul className={styles.times}>
        {slots?.map((slot) => (
          <li key={slot.id}>
            <button
              type="button"
              className={styles.time}
              aria-pressed={slot.id === chosen}
              onClick={() => choose(slot.id)}
            >
              <span className="num">{formats.time(slot.starts_at)}</span>
              {slot.id === chosen && <IconCheck size={16} stroke={2.4} aria-hidden />}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
