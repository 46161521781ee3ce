import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { readMoney } from '~/api/shapes';
import { ButtonLink } from '~/ui/Button';
import { useDictionaries } from '~/ui/dictionaries';
import { SubjectTile } from '~/ui/Subject';
import { useFormats } from '~/ui/zone';
import { useDayWord } from '../dayWord';
import { LessonRow } from '../LessonRow';
import type { Lesson, Slot } from '../queries';
import type { LessonRequest } from '../requests/queries';
import styles from './HomePage.module.css';
import type { TeacherHome } from './queries';

const TIMES = 6;

/** The lessons of the present day, those that are over too. */
export function TodayCard({ lessons }: { lessons: Lesson[] }) {
  const { t } = useTranslation('home');
  if (lessons.length === 0) return null;
  return (
    <section className={styles.rows} aria-labelledby="today">
      <header className={styles.cardHead}>
        <h2 id="today">{t('today.title')}</h2>
        <p>{t('today.count', { count: lessons.length })}</p>
        <Link to="/schedule">
          {t('common:places.calendar')}
          <IconChevronRight size={16} stroke={2} aria-hidden />
        </Link>
      </header>
      <ul className={styles.plain}>
        {lessons.map((lesson) => (
          <li key={lesson.id}>
            <LessonRow lesson={lesson} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Open requests of students that the teacher may accept. */
export function InboxCard({ requests }: { requests: LessonRequest[] }) {
  const { t } = useTranslation('home');
  const { label } = useDictionaries();
  const formats = useFormats();
  const open = requests.filter(({ status, declined }) => status === 'open' && !declined);
  if (open.length === 0) return null;
  return (
    <section className={styles.rows} aria-labelledby="inbox">
      <header className={styles.cardHead}>
        <h2 id="inbox">{t('inbox.title')}</h2>
        <p>{open.length}</p>
      </header>
      <ul>
        {open.map((request) => (
          <li key={request.id} className={styles.wait}>
            <SubjectTile code={request.subject} />
            <div>
              <h3>
                {label('subjects', request.subject)}, {formats.shortDay(request.starts_at)},{' '}
                {formats.timeRange(request.starts_at, request.ends_at)}
              </h3>
              <p>{[request.student_name, label('grades', request.grade)].join(' · ')}</p>
            </div>
            <span className={styles.waitButtons}>
              <ButtonLink to="/requests">{t('inbox.answer')}</ButtonLink>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The nearest free times of the next seven days. */
export function FreeCard({ slots }: { slots: Slot[] }) {
  const { t } = useTranslation('home');
  const formats = useFormats();
  const dayWord = useDayWord();
  return (
    <section className={styles.card} aria-labelledby="free">
      <h2 id="free">{t('free.title')}</h2>
      {slots.length === 0 ? (
        <p className={styles.quiet}>{t('free.none')}</p>
      ) : (
        <ul className={styles.times}>
          {slots.slice(0, TIMES).map(({ id, starts_at }) => (
            <li key={id}>
              <span>{dayWord(starts_at)}</span> <b className="num">{formats.time(starts_at)}</b>
            </li>
          ))}
        </ul>
      )}
      <ButtonLink to="/schedule" wide>
        {t('openTime')}
      </ButtonLink>
    </section>
  );
}

/** Prices of the month's lessons: held, and still to come. */
export function EarningsCard({ earnings: { held, booked, month } }: { earnings: TeacherHome['earnings'] }) {
  const { t } = useTranslation('home');
  const formats = useFormats();
  const write = (sums: unknown[]) =>
    sums
      .map(readMoney)
      .filter((sum) => sum !== null)
      .map(formats.money)
      .join(', ') || '—';
  return (
    <section className={styles.card} aria-labelledby="earned">
      <h2 id="earned">{t('earnings.title', { month: formats.month(`${month}T12:00:00Z`) })}</h2>
      <dl className={styles.sums}>
        <div>
          <dt>{t('earnings.held')}</dt>
          <dd>{write(held)}</dd>
        </div>
        <div>
          <dt>{t('earnings.booked')}</dt>
          <dd>{write(booked)}</dd>
        </div>
      </dl>
    </section>
  );
}
