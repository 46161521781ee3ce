import { IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import { useDictionaries } from '~/ui/dictionaries';
import { Failed } from '~/ui/Failed';
import { NotFound } from '~/ui/NotFound';
import { Bone } from '~/ui/Skeleton';
import { SubjectTile } from '~/ui/Subject';
import { LessonActions } from './LessonActions';
import { LessonFacts } from './LessonFacts';
import styles from './LessonPage.module.css';
import { LessonState } from './LessonState';
import { useOthers } from './others';
import { ProposalCard } from './ProposalCard';
import { lessonQuery } from './queries';
import { ReviewCard } from './ReviewCard';
import { WhenBox } from './WhenBox';

/** One lesson: when, with whom, its terms, and what one can do with it. */
export function LessonPage({ id }: { id: string }) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const others = useOthers();
  const { data: lesson, error, refetch } = useQuery(lessonQuery(id));
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (error && !lesson)
    return <Failed title={t('lesson.failed')} error={error} retry={() => void refetch()} />;
  if (!lesson) {
    return (
      <div className={styles.page} aria-busy>
        <Bone width="50%" height={32} />
        <Bone height={160} />
      </div>
    );
  }
  return (
    <div className={styles.page}>
      <nav className={styles.crumbs} aria-label={t('teacher.crumbs')}>
        <Link to="/lessons">{t('lessons.title')}</Link>
        <IconChevronRight size={14} stroke={2} aria-hidden />
        <span>{label('subjects', lesson.subject)}</span>
      </nav>
      <header className={styles.head}>
        <SubjectTile code={lesson.subject} size={56} />
        <div className={styles.title}>
          <h1>{label('subjects', lesson.subject)}</h1>
          <p>
            {lesson.my_role === 'student' ? (
              <Link to="/teachers/$id" params={{ id: lesson.teacher_id }}>
                {others(lesson)}
              </Link>
            ) : (
              others(lesson)
            )}
          </p>
        </div>
        <LessonState lesson={lesson} />
      </header>
      {lesson.proposal && <ProposalCard lesson={lesson} proposal={lesson.proposal} />}
      <div className={styles.columns}>
        <div className={styles.main}>
          <WhenBox
            startsAt={lesson.starts_at}
            endsAt={lesson.ends_at}
            otherZone={lesson.time_zone}
            other={others(lesson)}
          />
          <LessonFacts lesson={lesson} />
          <ReviewCard lesson={lesson} />
        </div>
        <LessonActions lesson={lesson} />
      </div>
    </div>
  );
}
