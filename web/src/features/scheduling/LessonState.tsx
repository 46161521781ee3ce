import { IconCalendar, IconCircleCheck, IconCircleX, IconClock, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './LessonState.module.css';
import type { Lesson } from './queries';

const icons = {
  scheduled: IconCalendar,
  started: IconPlayerPlay,
  completed: IconCircleCheck,
  cancelled: IconCircleX,
  over: IconClock,
} as const;

export type State = keyof typeof icons;

/** The state in a word: a lesson whose time has passed without an end is "over". */
export function stateOf(lesson: Pick<Lesson, 'status' | 'ends_at'>, now: number): State {
  const open = lesson.status === 'scheduled' || lesson.status === 'started';
  if (open && Date.parse(lesson.ends_at) < now) return 'over';
  return lesson.status in icons ? (lesson.status as State) : 'scheduled';
}

/** Word and shape, never colour alone. */
export function LessonState({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('scheduling');
  const state = stateOf(lesson, Date.now());
  const Icon = icons[state];
  return (
    <span className={styles.state} data-state={state}>
      <Icon size={14} stroke={2} aria-hidden />
      {t(`lesson.state.${state}`)}
    </span>
  );
}
