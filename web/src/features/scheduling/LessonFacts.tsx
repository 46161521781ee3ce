import { useTranslation } from 'react-i18next';
import { readMoney } from '~/api/shapes';
import { useDictionaries } from '~/ui/dictionaries';
import { useFormats } from '~/ui/zone';
import styles from './LessonPage.module.css';
import type { Booking, Lesson } from './queries';

/** Facts of a lesson and the state of each booking. */
export function LessonFacts({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const formats = useFormats();
  const own =
    lesson.my_role === 'student' ? lesson.bookings.find((seat) => seat.student_id != null) : undefined;
  const price = readMoney(own?.price ?? lesson.price);
  const facts: [name: string, value: string | null | undefined][] = [
    ['type', label('lesson_types', lesson.lesson_type)],
    ['format', label('formats', lesson.format)],
    ['duration', t('booking.minutes', { count: lesson.duration_minutes })],
    ['price', price && formats.money(price)],
    ['place', lesson.place],
    ['note', own?.note],
    ['report', lesson.report],
  ];
  return (
    <section className={styles.card} aria-labelledby="facts">
      <h2 id="facts">{t('lesson.about')}</h2>
      <dl className={styles.facts}>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name} data-long={name === 'note' || name === 'report'}>
                <dt>{t(`lesson.facts.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {lesson.bookings
        .filter((seat) => seat.status === 'cancelled' || lesson.my_role === 'teacher')
        .map((seat) => (
          <Seat key={seat.booking_id} seat={seat} lesson={lesson} />
        ))}
    </section>
  );
}

function Seat({ seat, lesson }: { seat: Booking; lesson: Lesson }) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const fee = readMoney(seat.fee);
  return (
    <div className={styles.seat}>
      {lesson.my_role === 'teacher' && <b>{seat.student_name ?? t('person.unnamed')}</b>}
      <p>
        {seat.cancelled_by
          ? t(`lesson.by.${seat.cancelled_by === lesson.my_role ? 'you' : seat.cancelled_by}`)
          : t(`lesson.seat.${seat.status}`)}
        {seat.status === 'cancelled' &&
          `. ${fee && fee.amount > 0 ? t('lesson.fee', { fee: formats.money(fee) }) : t('lesson.noFee')}`}
      </p>
      {seat.cancel_reason && <p className={styles.said}>{seat.cancel_reason}</p>}
      {lesson.my_role === 'teacher' && seat.note && <p className={styles.said}>{seat.note}</p>}
    </div>
  );
}
