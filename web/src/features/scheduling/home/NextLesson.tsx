import { IconCalendar, IconVideo } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { ButtonLink } from '~/ui/Button';
import { useDictionaries } from '~/ui/dictionaries';
import { subjectLook } from '~/ui/subjects';
import { useNow } from '~/ui/useNow';
import { useFormats } from '~/ui/zone';
import { countdownTo } from '../countdown';
import { useDayWord } from '../dayWord';
import { useOthers } from '../others';
import type { Lesson } from '../queries';
import styles from './NextLesson.module.css';

/** The one loud card: the next lesson, with the time left. */
export function NextLesson({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const formats = useFormats();
  const dayWord = useDayWord();
  const others = useOthers();
  const now = useNow(1_000);
  const start = Date.parse(lesson.starts_at);
  const { days, clock } = countdownTo(start, now);
  const { icon: Icon } = subjectLook(lesson.subject);
  const who = others(lesson);
  const note = lesson.bookings.find((seat) => seat.note)?.note;
  return (
    <section className={styles.card} aria-labelledby="next">
      <Icon className={styles.drawing} size={220} stroke={1} aria-hidden />
      <p className={styles.label}>
        <IconCalendar size={20} stroke={1.6} aria-hidden />
        {t('home.next', {
          day: dayWord(lesson.starts_at),
          time: formats.timeRange(lesson.starts_at, lesson.ends_at),
        })}
      </p>
      <p className={styles.left} role="timer">
        {start <= now ? (
          <b className={styles.days}>{t('home.now')}</b>
        ) : days > 0 ? (
          <b className={styles.days}>{t('home.inDays', { count: days })}</b>
        ) : (
          <>
            <b>{clock}</b> <span>{t('home.left')}</span>
          </>
        )}
      </p>
      <div className={styles.who}>
        <Avatar id={lesson.my_role === 'student' ? lesson.teacher_id : lesson.id} name={who} size={48} />
        <div>
          <h2 id="next">{label('subjects', lesson.subject)}</h2>
          <p>{note ? `${who} · ${note}` : who}</p>
        </div>
      </div>
      <div className={styles.buttons}>
        {lesson.video_available && (
          <ButtonLink
            to="/lessons/$id/room"
            params={{ id: lesson.id }}
            reloadDocument
            variant="white"
            size="large"
            icon={<IconVideo size={20} stroke={1.6} aria-hidden />}
          >
            {t('lesson.join')}
          </ButtonLink>
        )}
        <ButtonLink
          to="/lessons/$id"
          params={{ id: lesson.id }}
          variant={lesson.video_available ? 'onDeep' : 'white'}
          size="large"
        >
          {t('home.open')}
        </ButtonLink>
      </div>
    </section>
  );
}
