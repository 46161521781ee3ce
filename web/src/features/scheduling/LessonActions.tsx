import { IconCalendarPlus, IconUserSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, ButtonLink } from '~/ui/Button';
import { CancelDialog } from './CancelDialog';
import { CancellationBar } from './CancellationBar';
import styles from './LessonPage.module.css';
import type { Lesson } from './queries';

/** Actions that the lesson allows now. */
export function LessonActions({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('scheduling');
  const [cancelling, setCancelling] = useState(false);
  const open = lesson.status === 'scheduled' && Date.parse(lesson.starts_at) > Date.now();
  return (
    <aside className={styles.aside} aria-label={t('lesson.actions')}>
      {open && lesson.cancellation && (
        <CancellationBar terms={lesson.cancellation} startsAt={lesson.starts_at} />
      )}
      {lesson.status !== 'cancelled' && (
        <a className={styles.file} href={`/api/v1/lessons/${lesson.id}/calendar.ics`} download>
          <IconCalendarPlus size={18} stroke={1.6} aria-hidden />
          {t('lesson.calendarFile')}
        </a>
      )}
      {open && (
        <Button variant="danger" wide onClick={() => setCancelling(true)}>
          {t('cancel.open')}
        </Button>
      )}
      {!open && lesson.my_role === 'student' && (
        <ButtonLink
          to="/teachers/$id"
          params={{ id: lesson.teacher_id }}
          wide
          icon={<IconUserSearch size={18} stroke={1.6} aria-hidden />}
        >
          {t('lesson.again')}
        </ButtonLink>
      )}
      {cancelling && <CancelDialog lesson={lesson} close={() => setCancelling(false)} />}
    </aside>
  );
}
