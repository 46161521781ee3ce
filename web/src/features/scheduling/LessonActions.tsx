import {
  IconArrowsExchange,
  IconCalendarPlus,
  IconMessage,
  IconUserSearch,
  IconVideo,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOpenConversation } from '~/features/messaging/commands';
import { Button, ButtonLink } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { CancelDialog } from './CancelDialog';
import { CancellationBar } from './CancellationBar';
import { Conduct } from './Conduct';
import { MoveDialog } from './calendar/MoveDialog';
import styles from './LessonPage.module.css';
import type { Lesson } from './queries';

/** Actions that the lesson allows now. */
export function LessonActions({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('scheduling');
  const [cancelling, setCancelling] = useState(false);
  const [moving, setMoving] = useState(false);
  const navigate = useNavigate();
  const talk = useOpenConversation();
  const other =
    lesson.my_role === 'student'
      ? lesson.teacher_id
      : lesson.bookings.find(({ status }) => status === 'booked')?.student_id;
  const write = (id: string) =>
    talk.mutate(id, {
      onSuccess: (conversation) => void navigate({ to: '/messages/$id', params: { id: conversation.id } }),
    });
  const open = lesson.status === 'scheduled' && Date.parse(lesson.starts_at) > Date.now();
  return (
    <aside className={styles.aside} aria-label={t('lesson.actions')}>
      {lesson.video_available && (
        <ButtonLink
          to="/lessons/$id/room"
          params={{ id: lesson.id }}
          reloadDocument
          variant="primary"
          size="large"
          wide
          icon={<IconVideo size={20} stroke={1.6} aria-hidden />}
        >
          {t('lesson.join')}
        </ButtonLink>
      )}
      {lesson.my_role === 'teacher' && <Conduct lesson={lesson} />}
      {open && lesson.cancellation && (
        <CancellationBar terms={lesson.cancellation} startsAt={lesson.starts_at} />
      )}
      {lesson.status !== 'cancelled' && (
        <a className={styles.file} href={`/api/v1/lessons/${lesson.id}/calendar.ics`} download>
          <IconCalendarPlus size={18} stroke={1.6} aria-hidden />
          {t('lesson.calendarFile')}
        </a>
      )}
      {other && (
        <Button
          wide
          icon={<IconMessage size={18} stroke={1.6} aria-hidden />}
          busy={talk.isPending ? t('lesson.writing') : null}
          onClick={() => write(other)}
        >
          {t('lesson.write')}
        </Button>
      )}
      <FormAlert error={talk.error} />
      {open && !lesson.proposal && (
        <Button
          wide
          icon={<IconArrowsExchange size={18} stroke={1.6} aria-hidden />}
          onClick={() => setMoving(true)}
        >
          {t('lesson.move')}
        </Button>
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
      {moving && <MoveDialog lesson={lesson} entries={[]} close={() => setMoving(false)} />}
      {cancelling && <CancelDialog lesson={lesson} close={() => setCancelling(false)} />}
    </aside>
  );
}
