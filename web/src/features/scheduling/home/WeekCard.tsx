import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useDictionaries } from '~/ui/dictionaries';
import { subjectLook } from '~/ui/subjects';
import { useFormats, useZone } from '~/ui/zone';
import { addDays, dayOf, instantOf } from '~/ui/zones';
import type { Lesson } from '../queries';
import { byDay } from '../week';
import styles from './HomePage.module.css';

/** The seven days from today, with the lessons of each. */
export function WeekCard({ lessons }: { lessons: Lesson[] }) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const formats = useFormats();
  const { zone } = useZone();
  const today = dayOf(new Date(), zone);
  const days = Array.from({ length: 7 }, (_, index) => addDays(today, index));
  const lessonsOf = byDay(lessons, zone);
  const count = days.reduce((sum, day) => sum + (lessonsOf.get(day)?.length ?? 0), 0);
  return (
    <section className={styles.week} aria-labelledby="week">
      <header className={styles.cardHead}>
        <h2 id="week">{t('home.week')}</h2>
        <p>{t('home.weekCount', { count })}</p>
        <Link to="/lessons">
          {t('home.allLessons')}
          <IconChevronRight size={16} stroke={2} aria-hidden />
        </Link>
      </header>
      <div className={styles.days}>
        {days.map((day) => {
          const noon = instantOf(day, 720, zone);
          return (
            <div key={day} className={styles.day} data-today={day === today} data-empty={!lessonsOf.has(day)}>
              <h3>
                <span aria-hidden>{formats.weekday(noon)}</span> <b aria-hidden>{formats.dayNumber(noon)}</b>
                <span className="visually-hidden">{formats.longDay(noon)}</span>
              </h3>
              <ul>
                {lessonsOf.get(day)?.map((lesson) => {
                  const { hue, icon: Icon } = subjectLook(lesson.subject);
                  return (
                    <li key={lesson.id}>
                      <Link
                        to="/lessons/$id"
                        params={{ id: lesson.id }}
                        className={styles.lesson}
                        data-subject={hue}
                      >
                        <Icon size={14} stroke={2} aria-hidden />
                        <span className="num">{formats.time(lesson.starts_at)}</span>
                        <span className={styles.lessonName}>{label('subjects', lesson.subject)}</span>
                      </Link>
                    </li>
                  );
                })}
              </ul>
            </div>
          );
        })}
      </div>
    </section>
  );
}
