import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '~/ui/Failed';
import { useFormats, useZone } from '~/ui/zone';
import { addDays, dayOf, instantOf } from '~/ui/zones';
import { DayColumn } from './DayColumn';
import { KindSwitch } from './KindSwitch';
import type { Slot, TeacherCard } from './queries';
import styles from './WeekGrid.module.css';
import { byDay, isOfKind, kindsOf, type Week } from './week';
import { ZoneLine } from './ZoneLine';

interface Props {
  teacher: TeacherCard;
  week: Week;
  slots: Slot[] | undefined;
  error: unknown;
  retry: () => void;
  chosen: string | undefined;
  choose: (slot: string) => void;
  show: (day: string) => void;
}

/** Free times of one week, in the zone of the visitor. */
export function WeekGrid({ teacher, week, slots, error, retry, chosen, choose, show }: Props) {
  const { t } = useTranslation('scheduling');
  const { zone } = useZone();
  const formats = useFormats();
  const [kind, setKind] = useState<string>();
  const today = dayOf(new Date(), zone);
  const monday = week.days[0] ?? today;
  const sunday = week.days[6] ?? today;
  const kinds = kindsOf(slots ?? []);
  const shown = (slots ?? []).filter((slot) => kinds.length < 2 || isOfKind(slot, kind));
  const days = byDay(shown, zone);
  const next = teacher.next_free_slots.find((slot) => dayOf(new Date(slot.starts_at), zone) > sunday);
  const noon = (day: string) => instantOf(day, 720, zone);
  return (
    <section aria-labelledby="week">
      <header className={styles.head}>
        <button
          type="button"
          className={styles.step}
          aria-label={t('week.before')}
          disabled={monday <= today}
          onClick={() => show(addDays(monday, -7))}
        >
          <IconChevronLeft size={20} stroke={1.8} aria-hidden />
        </button>
        <button
          type="button"
          className={styles.step}
          aria-label={t('week.after')}
          onClick={() => show(addDays(monday, 7))}
        >
          <IconChevronRight size={20} stroke={1.8} aria-hidden />
        </button>
        <h2 id="week" aria-live="polite">
          {formats.dayAndMonth(noon(monday))} – {formats.dayAndMonth(noon(sunday))}
        </h2>
        <KindSwitch kinds={kinds} value={kind} change={setKind} />
      </header>
      <div className={styles.box}>
        {error && !slots ? (
          <Failed title={t('week.failed')} error={error} retry={retry} />
        ) : (
          <div className={styles.days} aria-busy={!slots}>
            {week.days.map((day) => (
              <DayColumn
                key={day}
                day={day}
                today={today}
                noon={noon(day)}
                slots={slots ? (days.get(day) ?? []) : undefined}
                chosen={chosen}
                choose={choose}
              />
            ))}
          </div>
        )}
        {slots?.length === 0 && (
          <p className={styles.none}>
            {t('week.none')}{' '}
            {next && (
              <button
                type="button"
                className={styles.jump}
                onClick={() => show(dayOf(new Date(next.starts_at), zone))}
              >
                {t('week.next', { day: formats.shortDay(next.starts_at) })}
              </button>
            )}
          </p>
        )}
        <ZoneLine teacher={teacher} at={week.from} />
      </div>
    </section>
  );
}
