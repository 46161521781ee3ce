import { IconChevronRight, IconCircleCheck, IconStarFilled } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { useDictionaries } from '~/ui/dictionaries';
import { SubjectChip } from '~/ui/Subject';
import { useNarrow } from '~/ui/useNarrow';
import { useFormats } from '~/ui/zone';
import type { TeacherCard } from './queries';
import styles from './TeacherPage.module.css';

export function TeacherHead({ teacher }: { teacher: TeacherCard }) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const narrow = useNarrow();
  const name = teacher.name ?? t('person.unnamed');
  const first = teacher.subjects[0];
  return (
    <header>
      <nav className={styles.crumbs} aria-label={t('teacher.crumbs')}>
        <Link to="/teachers">{t('teachers.title')}</Link>
        {first && (
          <>
            <IconChevronRight size={14} stroke={2} aria-hidden />
            <Link to="/teachers" search={{ subject: first }}>
              {label('subjects', first)}
            </Link>
          </>
        )}
      </nav>
      <div className={styles.head}>
        <Avatar id={teacher.id} name={teacher.name} url={teacher.avatar_url} size={narrow ? 72 : 120} />
        <div style={{ minWidth: 0 }}>
          <div className={styles.name}>
            <h1>{name}</h1>
            {teacher.takes_requests && (
              <span className={styles.takes}>
                <IconCircleCheck size={14} stroke={2} aria-hidden />
                {t('teacher.takesRequests')}
              </span>
            )}
          </div>
          {!narrow && <Bio teacher={teacher} />}
        </div>
      </div>
      {narrow && <Bio teacher={teacher} />}
      <Figures teacher={teacher} />
    </header>
  );
}

function Bio({ teacher }: { teacher: TeacherCard }) {
  const { label } = useDictionaries();
  return (
    <>
      {teacher.bio && <p className={styles.bio}>{teacher.bio}</p>}
      <div className={styles.chips}>
        {teacher.subjects.map((code) => (
          <SubjectChip key={code} code={code} />
        ))}
        {teacher.goals.map((code) => (
          <span key={code} className={styles.tag}>
            {label('goals', code)}
          </span>
        ))}
      </div>
    </>
  );
}

function Figures({ teacher }: { teacher: TeacherCard }) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const { rating, reviews_count, lessons_count, students_count, experience_years } = teacher;
  return (
    <dl className={styles.figures} style={{ marginTop: 24 }}>
      {rating != null && reviews_count > 0 && (
        <div>
          <dt>{t('common:rating.reviews', { count: reviews_count })}</dt>
          <dd>
            <IconStarFilled size={18} aria-hidden />
            {formats.number(rating, 2)}
          </dd>
        </div>
      )}
      <div>
        <dt>{t('teacher.lessons', { count: lessons_count })}</dt>
        <dd>{formats.number(lessons_count)}</dd>
      </div>
      <div>
        <dt>{t('teacher.students', { count: students_count })}</dt>
        <dd>{formats.number(students_count)}</dd>
      </div>
      {experience_years != null && (
        <div>
          <dt>{t('teacher.experience')}</dt>
          <dd>{t('teacher.years', { count: experience_years })}</dd>
        </div>
      )}
    </dl>
  );
}
