import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { Failed } from '~/ui/Failed';
import { Stars } from '~/ui/Rating';
import { Bone } from '~/ui/Skeleton';
import { useFormats } from '~/ui/zone';
import { type Review, reviewsQuery, type TeacherCard } from './queries';
import styles from './TeacherPage.module.css';

export function Reviews({ teacher }: { teacher: TeacherCard }) {
  const { t } = useTranslation('scheduling');
  const reviews = useInfiniteQuery(reviewsQuery(teacher.id));
  const all = reviews.data?.pages.flatMap((page) => page.data);
  return (
    <section className={styles.card} aria-labelledby="reviews">
      <h2 id="reviews">{t('reviews.title')}</h2>
      {reviews.error && !all && (
        <Failed title={t('reviews.failed')} error={reviews.error} retry={() => void reviews.refetch()} />
      )}
      {!all && !reviews.error && <Bone height={72} />}
      {all?.length === 0 && <p className={styles.quiet}>{t('reviews.none')}</p>}
      <ul className={styles.reviews}>
        {all?.map((review) => (
          <li key={review.id}>
            <ReviewText review={review} />
          </li>
        ))}
      </ul>
      {reviews.hasNextPage && (
        <p className={styles.more}>
          <Button
            busy={reviews.isFetchingNextPage ? t('reviews.loading') : null}
            onClick={() => void reviews.fetchNextPage()}
          >
            {t('reviews.more')}
          </Button>
        </p>
      )}
    </section>
  );
}

function ReviewText({ review }: { review: Review }) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const name = review.student_name ?? t('reviews.unnamed');
  return (
    <article className={styles.review}>
      <header>
        <Avatar id={review.id} name={name} size={28} />
        <b>{name}</b>
        <Stars value={review.rating} />
        <time dateTime={review.created_at}>{formats.dayAndMonth(review.created_at)}</time>
      </header>
      {review.text && <p>{review.text}</p>}
    </article>
  );
}
