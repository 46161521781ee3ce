import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useDictionaries } from '~/ui/dictionaries';
import { subjectLook } from '~/ui/subjects';
import { useFormats, useZone } from '~/ui/zone';
import { dayOf, instantOf } from '~/ui/zones';
import styles from './Calendar.module.css';
import { type Entry, placeDay } from './entries';

/** Entries of a day that are shown; the others are counted. */
const SHOWN = 3;

interface Props {
  /** The days of whole weeks. */
  days: string[];
  /** `YYYY-MM`; days of other months are grey. */
  month: string;
  entries: Entry[];
  edit: (entry: Entry) => void;
}

/** Whole weeks around a month. A day leads to its week. */
export function MonthCalendar({ days, month, entries, edit }: Props) {
  const { t } = useTranslation('calendar');
  const { zone } = useZone();
  const formats = useFormats();
  const today = dayOf(new Date(), zone);
  return (
    <div className={styles.month}>
      <div className={styles.monthHeads} aria-hidden>
        {days.slice(0, 7).map((day) => (
          <span key={day}>{formats.weekday(instantOf(day, 720, zone))}</span>
        ))}
      </div>
      <ol className={styles.monthDays}>
        {days.map((day) => {
          const placed = placeDay(entries, day, zone);
          const noon = instantOf(day, 720, zone);
          return (
            <li
              key={day}
              className={styles.monthDay}
              data-today={day === today}
              data-other={!day.startsWith(month)}
            >
              <Link
                to="/schedule"
                search={{ day, view: 'week' }}
                className={styles.monthNumber}
                aria-label={`${formats.longDay(noon)}: ${t('month.count', { count: placed.length })}`}
              >
                {formats.dayNumber(noon)}
              </Link>
              <ul>
                {placed.slice(0, SHOWN).map(({ entry }) => (
                  <li key={entry.id}>
                    <MonthEntry entry={entry} edit={edit} />
                  </li>
                ))}
              </ul>
              {placed.length > SHOWN && (
                <Link to="/schedule" search={{ day, view: 'week' }} className={styles.monthMore}>
                  {t('month.more', { count: placed.length - SHOWN })}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function MonthEntry({ entry, edit }: { entry: Entry; edit: (entry: Entry) => void }) {
  const { t } = useTranslation('calendar');
  const { label } = useDictionaries();
  const formats = useFormats();
  const inner = (
    <>
      <span className="num">{formats.time(new Date(entry.startsAt))}</span>
      <span className={styles.monthName}>{label('subjects', entry.subject)}</span>
      <span className="visually-hidden">{t(`block.${entry.state}`)}</span>
    </>
  );
  const shared = {
    className: styles.monthEntry,
    'data-state': entry.state,
    'data-subject': subjectLook(entry.subject).hue,
  };
  return entry.lesson ? (
    <Link to="/lessons/$id" params={{ id: entry.id }} {...shared}>
      {inner}
    </Link>
  ) : (
    <button type="button" {...shared} onClick={() => edit(entry)}>
      {inner}
    </button>
  );
}
