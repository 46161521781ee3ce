import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '~/ui/Button';
import { useDictionaries } from '~/ui/dictionaries';
import { Empty } from '~/ui/Empty';
import { CalendarPicture } from '~/ui/pictures';
import { useFormats, useZone } from '~/ui/zone';
import { instantOf } from '~/ui/zones';
import { LessonRow } from '../LessonRow';
import styles from './Calendar.module.css';
import { type Entry, placeDay } from './entries';

interface Props {
  days: string[];
  entries: Entry[];
  teacher: boolean;
  edit: (entry: Entry) => void;
}

/** The week as a list: days with something in them. */
export function Agenda({ days, entries, teacher, edit }: Props) {
  const { t } = useTranslation('calendar');
  const { zone } = useZone();
  const { label } = useDictionaries();
  const formats = useFormats();
  const filled = days
    .map((day) => ({ day, placed: placeDay(entries, day, zone) }))
    .filter(({ placed }) => placed.length > 0);
  if (filled.length === 0) {
    return (
      <Empty
        picture={<CalendarPicture />}
        title={t('empty.title')}
        text={t(teacher ? 'empty.teacher' : 'empty.student')}
      >
        {!teacher && (
          <ButtonLink to="/teachers" variant="primary">
            {t('bar.find')}
          </ButtonLink>
        )}
      </Empty>
    );
  }
  return (
    <div className={styles.agenda}>
      {filled.map(({ day, placed }) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 id={`day-${day}`}>{formats.longDay(instantOf(day, 720, zone))}</h2>
          <ul className={styles.rows}>
            {placed.map(({ entry }) => (
              <li key={entry.id}>
                {entry.lesson ? (
                  <LessonRow lesson={entry.lesson} />
                ) : (
                  <button type="button" className={styles.free} onClick={() => edit(entry)}>
                    <IconPlus size={18} stroke={1.8} aria-hidden />
                    <b className="num">
                      {formats.timeRange(new Date(entry.startsAt), new Date(entry.endsAt))}
                    </b>
                    {t('block.free')} · {label('subjects', entry.subject)}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
