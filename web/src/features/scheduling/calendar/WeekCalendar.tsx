import { useTranslation } from 'react-i18next';
import { useNow } from '~/ui/useNow';
import { useFormats, useZone } from '~/ui/zone';
import { dayOf, instantOf, minuteOfDay } from '~/ui/zones';
import styles from './Calendar.module.css';
import { CalendarBlock } from './CalendarBlock';
import { conflictAt, type Entry, hoursOf, isMovable, placeDay } from './entries';
import { GhostBlock } from './GhostBlock';
import { HOUR_PX, useDrag } from './useDrag';

interface Props {
  days: string[];
  entries: Entry[];
  teacher: boolean;
  move: (entry: Entry, startsAt: Date) => void;
  open: (startsAt: Date, minutes: number) => void;
  edit: (entry: Entry) => void;
}

/** A week as a grid: 76 px for an hour. What is to come can be moved by mouse and by arrow keys. */
export function WeekCalendar({ days, entries, teacher, move, open, edit }: Props) {
  const { t } = useTranslation('calendar');
  const { zone } = useZone();
  const formats = useFormats();
  const now = useNow(30_000);
  const today = dayOf(new Date(now), zone);
  const placed = days.map((day) => placeDay(entries, day, zone));
  const { first, last } = hoursOf(placed.flat());
  const hours = Array.from({ length: last - first }, (_, index) => first + index);
  const drag = useDrag({ zone, firstHour: first, move, open });
  const { ghost } = drag;
  const ghostStart = ghost && instantOf(ghost.day, ghost.from, zone).getTime();
  const conflict =
    ghost && ghostStart !== null
      ? conflictAt(
          entries,
          ghost.entry?.id ?? null,
          ghostStart,
          ghostStart + (ghost.to - ghost.from) * 60_000,
        )
      : null;
  const top = (minute: number) => ((minute - first * 60) / 60) * HOUR_PX;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
    <section className={styles.scroll} aria-label={t('week.label')} tabIndex={0}>
      <div className={styles.week} data-dragging={ghost !== null}>
        <div className={styles.heads}>
          <span aria-hidden />
          {days.map((day) => {
            const noon = instantOf(day, 720, zone);
            return (
              <h2 key={day} data-today={day === today}>
                <span aria-hidden>{formats.weekday(noon)}</span> <b aria-hidden>{formats.dayNumber(noon)}</b>
                <span className="visually-hidden">{formats.longDay(noon)}</span>
              </h2>
            );
          })}
        </div>
        <div className={styles.grid} style={{ height: hours.length * HOUR_PX }}>
          <div className={styles.hours} aria-hidden>
            {hours.slice(1).map((hour) => (
              <span key={hour} style={{ top: top(hour * 60) }}>
                {String(hour).padStart(2, '0')}:00
              </span>
            ))}
          </div>
          {days.map((day, index) => (
            <div
              key={day}
              data-day={day}
              className={styles.column}
              data-past={day < today}
              onPointerDown={teacher ? drag.onColumnPointerDown : undefined}
            >
              {placed[index]?.map((one) => (
                <CalendarBlock
                  key={one.entry.id}
                  placed={one}
                  top={top(one.from)}
                  height={((one.to - one.from) / 60) * HOUR_PX}
                  left={ghost?.entry?.id === one.entry.id}
                  edit={edit}
                  handlers={
                    isMovable(one.entry, now)
                      ? {
                          onPointerDown: (event) => drag.onEntryPointerDown(event, one.entry, one.from),
                          onKeyDown: (event) => drag.onEntryKeyDown(event, one.entry),
                          onBlur: drag.clear,
                        }
                      : {}
                  }
                />
              ))}
              {day === today && minuteOfDay(new Date(now), zone) >= first * 60 && (
                <i className={styles.now} style={{ top: top(minuteOfDay(new Date(now), zone)) }}>
                  <b>{formats.time(new Date(now))}</b>
                </i>
              )}
              {ghost?.day === day && <GhostBlock ghost={ghost} top={top(ghost.from)} conflict={conflict} />}
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}
