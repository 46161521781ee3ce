import { IconMessage } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import { useOpenConversation } from '~/features/messaging/commands';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { useDictionaries } from '~/ui/dictionaries';
import { Failed } from '~/ui/Failed';
import { FormAlert } from '~/ui/FormAlert';
import { itemsOf, Listed } from '~/ui/Listed';
import { NotFound } from '~/ui/NotFound';
import { Card } from '~/ui/Page';
import { Bone } from '~/ui/Skeleton';
import { LessonRow } from '../LessonRow';
import { lessonsWithQuery, type Student, studentQuery } from './queries';
import styles from './Students.module.css';

/** One student as their teacher sees them: what helps to teach, and the lessons together. */
export function StudentPage({ id }: { id: string }) {
  const { t } = useTranslation('students');
  const navigate = useNavigate();
  const { data: student, error, refetch } = useQuery(studentQuery(id));
  const lessons = useInfiniteQuery(lessonsWithQuery(id));
  const talk = useOpenConversation();
  if (error instanceof ProblemError && error.status === 404) return <NotFound />;
  if (error && !student) return <Failed title={t('failedOne')} error={error} retry={() => void refetch()} />;
  if (!student) return <Bone height={320} />;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Avatar id={id} name={student.name} url={student.avatar_url} size={64} />
        <div>
          <h1>{student.name ?? t('unnamed')}</h1>
          {student.nickname && <p>@{student.nickname}</p>}
        </div>
        <Button
          icon={<IconMessage size={18} stroke={1.6} aria-hidden />}
          busy={talk.isPending ? t('opening') : null}
          onClick={() =>
            talk.mutate(id, {
              onSuccess: (conversation) =>
                void navigate({ to: '/messages/$id', params: { id: conversation.id } }),
            })
          }
        >
          {t('write')}
        </Button>
      </header>
      <FormAlert error={talk.error} />
      <div className={styles.columns}>
        <Card id="lessons" title={t('lessons')} flush>
          <Listed
            query={lessons}
            items={itemsOf(lessons)}
            failed={t('failedLessons')}
            empty={<p className={styles.quiet}>{t('noLessons')}</p>}
          >
            {(items) => (
              <ul className={styles.lessons}>
                {items.map((lesson) => (
                  <li key={lesson.id}>
                    <LessonRow lesson={lesson} />
                  </li>
                ))}
              </ul>
            )}
          </Listed>
        </Card>
        <Facts student={student} />
      </div>
    </div>
  );
}

function Facts({ student }: { student: Student }) {
  const { t } = useTranslation('students');
  const { label } = useDictionaries();
  const facts: [string, string | null | undefined][] = [
    ['grade', student.grade && label('grades', student.grade)],
    ['subjects', student.subjects.map((code) => label('subjects', code)).join(', ')],
    ['goals', student.goals.map((code) => label('goals', code)).join(', ')],
    ['age', student.age == null ? null : String(student.age)],
    ['school', student.school],
    ['city', student.city],
    ['phone', student.phone],
    ['parent', [student.parent_name, student.parent_phone].filter(Boolean).join(', ')],
  ];
  const known = facts.filter(([, value]) => value);
  return (
    <Card id="facts" title={t('facts.title')}>
      {known.length === 0 && <p className={styles.quiet}>{t('facts.none')}</p>}
      <dl className={styles.facts}>
        {known.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`facts.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
