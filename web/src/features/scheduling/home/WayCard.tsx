import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { useDictionaries } from '~/ui/dictionaries';
import { Failed } from '~/ui/Failed';
import { Bone } from '~/ui/Skeleton';
import { SubjectTile } from '~/ui/Subject';
import { subjectLook } from '~/ui/subjects';
import type { Lesson } from '../queries';
import styles from './HomePage.module.css';

interface Props {
  query: { data?: { data: Lesson[] } | undefined; error: unknown; refetch: () => unknown };
  /** How many days the lessons go back. */
  days: number;
}

/** Lessons that a student had lately, by subject, and the teachers one can go to again. */
export function WayCard({ query, days }: Props) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const held = query.data?.data.filter(({ status }) => status === 'completed');
  if (query.error && !held) {
    return (
      <section className={styles.card}>
        <Failed title={t('lessons.failed')} error={query.error} retry={() => void query.refetch()} />
      </section>
    );
  }
  if (!held) return <Bone height={200} />;
  const subjects = countBy(held, (lesson) => lesson.subject);
  const most = Math.max(...subjects.map(([, count]) => count), 1);
  return (
    <>
      <section className={styles.card} aria-labelledby="way">
        <h2 id="way">{t('home.way')}</h2>
        {subjects.length > 0 && <p className={styles.since}>{t('home:since', { count: days })}</p>}
        {subjects.length === 0 && <p className={styles.quiet}>{t('home.wayNone')}</p>}
        <ul className={styles.way}>
          {subjects.map(([code, count]) => (
            <li key={code} data-subject={subjectLook(code).hue}>
              <SubjectTile code={code} size={32} />
              <span className={styles.waySubject}>{label('subjects', code)}</span>
              <span className={styles.wayCount}>{t('home.lessons', { count })}</span>
              <span className={styles.wayBar} aria-hidden>
                <i style={{ width: `${(count / most) * 100}%` }} />
              </span>
            </li>
          ))}
        </ul>
      </section>
      <Again held={held} />
    </>
  );
}

function Again({ held }: { held: Lesson[] }) {
  const { t } = useTranslation('scheduling');
  const teachers = new Map<string, Lesson>();
  for (const lesson of held) {
    if (lesson.my_role === 'student' && !teachers.has(lesson.teacher_id))
      teachers.set(lesson.teacher_id, lesson);
  }
  if (teachers.size === 0) return null;
  return (
    <section className={styles.card} aria-labelledby="again">
      <h2 id="again">{t('home.again')}</h2>
      <ul className={styles.again}>
        {[...teachers.values()].slice(0, 3).map(({ teacher_id, teacher_name }) => (
          <li key={teacher_id}>
            <Link to="/teachers/$id" params={{ id: teacher_id }}>
              <Avatar id={teacher_id} name={teacher_name} size={40} />
              {teacher_name ?? t('person.unnamed')}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function countBy(lessons: Lesson[], key: (lesson: Lesson) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const lesson of lessons) counts.set(key(lesson), (counts.get(key(lesson)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
