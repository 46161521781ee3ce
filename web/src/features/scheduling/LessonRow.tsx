import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useDictionaries } from '~/ui/dictionaries';
import { SubjectTile } from '~/ui/Subject';
import { useFormats } from '~/ui/zone';
import { useDayWord } from './dayWord';
import { LessonState } from './LessonState';
import styles from './LessonsPage.module.css';
import { useOthers } from './others';
import type { Lesson } from './queries';

export function LessonRow({ lesson }: { lesson: Lesson }) {
  const { label } = useDictionaries();
  const formats = useFormats();
  const dayWord = useDayWord();
  const others = useOthers();
  return (
    <Link to="/lessons/$id" params={{ id: lesson.id }} className={styles.row}>
      <SubjectTile code={lesson.subject} />
      <span className={styles.what}>
        <b>{label('subjects', lesson.subject)}</b>
        <span>{others(lesson)}</span>
      </span>
      <span className={styles.time}>
        <b>{dayWord(lesson.starts_at)}</b>
        <time dateTime={lesson.starts_at}>{formats.timeRange(lesson.starts_at, lesson.ends_at)}</time>
      </span>
      <span className={styles.state}>
        <LessonState lesson={lesson} />
      </span>
      <IconChevronRight size={18} stroke={1.8} aria-hidden />
    </Link>
  );
}
