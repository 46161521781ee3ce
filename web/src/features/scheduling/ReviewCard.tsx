import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';
import { Stars } from '~/ui/Rating';
import { useReview } from './commands';
import styles from './LessonPage.module.css';
import type { Lesson } from './queries';

const LONGEST = 4000;

/** The student's review of a lesson that was held: as it is, or to be written. */
export function ReviewCard({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('scheduling');
  const review = useReview(lesson.id);
  const [rating, setRating] = useState(0);
  const [text, setText] = useState('');
  const seat = lesson.bookings.find(({ student_id, status }) => student_id != null && status === 'booked');
  if (lesson.status !== 'completed' || lesson.my_role !== 'student' || !seat) return null;
  if (seat.rating != null) {
    return (
      <section className={styles.card} aria-labelledby="review">
        <h2 id="review">{t('review.yours')}</h2>
        <Stars value={seat.rating} />
        {seat.review && <p className={styles.said}>{seat.review}</p>}
      </section>
    );
  }
  return (
    <section className={styles.card} aria-labelledby="review">
      <h2 id="review">{t('review.title')}</h2>
      <fieldset className={styles.stars}>
        <legend className="visually-hidden">{t('review.rating')}</legend>
        {[1, 2, 3, 4, 5].map((star) => (
          <label key={star}>
            <input
              type="radio"
              name="rating"
              value={star}
              checked={rating === star}
              onChange={() => setRating(star)}
            />
            <span className="visually-hidden">{t('common:rating.ofFive', { value: star })}</span>
            {star <= rating ? (
              <IconStarFilled size={28} aria-hidden />
            ) : (
              <IconStar size={28} stroke={1.6} aria-hidden />
            )}
          </label>
        ))}
      </fieldset>
      <Textarea
        label={t('review.text')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <FormAlert error={review.error} />
      <div className={styles.buttons} style={{ marginTop: 12 }}>
        <Button
          variant="primary"
          disabled={rating === 0}
          busy={review.isPending ? t('review.busy') : null}
          onClick={() => review.mutate({ rating, text })}
        >
          {t('review.submit')}
        </Button>
        {rating === 0 && <span className={styles.quiet}>{t('review.why')}</span>}
      </div>
    </section>
  );
}
