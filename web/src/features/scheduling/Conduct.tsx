import { IconCheck, IconPlayerPlay, IconUserX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';
import { useNow } from '~/ui/useNow';
import { useConduct, useNoShow, useReport } from './commands';
import styles from './LessonPage.module.css';
import type { Lesson } from './queries';

const EARLIEST_MS = 15 * 60_000;

/** A teacher's part of a lesson: start, complete, record who did not come, write the report. */
export function Conduct({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('scheduling');
  const now = useNow(15_000);
  const conduct = useConduct(lesson.id);
  const absent = useNoShow(lesson.id);
  const begins = Date.parse(lesson.starts_at);
  const startable =
    lesson.status === 'scheduled' && now >= begins - EARLIEST_MS && now < Date.parse(lesson.ends_at);
  const completable = lesson.status === 'started' || (lesson.status === 'scheduled' && now >= begins);
  const seats = lesson.bookings.filter(({ status }) => status === 'booked');
  return (
    <>
      {startable && (
        <Button
          variant="primary"
          wide
          icon={<IconPlayerPlay size={18} aria-hidden />}
          busy={conduct.isPending && conduct.variables === 'start' ? t('conduct.busy') : null}
          onClick={() => conduct.mutate('start')}
        >
          {t('conduct.start')}
        </Button>
      )}
      {completable && (
        <Button
          wide
          icon={<IconCheck size={18} aria-hidden />}
          busy={conduct.isPending && conduct.variables === 'complete' ? t('conduct.busy') : null}
          onClick={() => conduct.mutate('complete')}
        >
          {t('conduct.complete')}
        </Button>
      )}
      {now >= begins &&
        lesson.status !== 'cancelled' &&
        seats.map((seat) => (
          <Button
            key={seat.booking_id}
            wide
            variant="quiet"
            icon={<IconUserX size={18} aria-hidden />}
            busy={absent.isPending && absent.variables === seat.booking_id ? t('conduct.busy') : null}
            onClick={() => absent.mutate(seat.booking_id)}
          >
            {t('conduct.absent', { name: seat.student_name ?? t('person.unnamed') })}
          </Button>
        ))}
      <FormAlert error={conduct.error ?? absent.error} />
      {(lesson.status === 'completed' || lesson.status === 'started') && <Report lesson={lesson} />}
    </>
  );
}

function Report({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('scheduling');
  const report = useReport(lesson.id);
  const [text, setText] = useState(lesson.report ?? '');
  return (
    <form
      className={styles.dialog}
      onSubmit={(event) => {
        event.preventDefault();
        report.mutate(text.trim());
      }}
    >
      <Textarea
        label={t('conduct.report')}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <FormAlert error={report.error} />
      <Button type="submit" disabled={text.trim() === ''} busy={report.isPending ? t('conduct.busy') : null}>
        {t('conduct.save')}
      </Button>
    </form>
  );
}
