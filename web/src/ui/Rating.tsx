import { IconStarFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './Rating.module.css';
import { useFormats } from './zone';

/** Average of reviews with their number, or that there are none yet. */
export function Rating({ value, reviews }: { value: number | null | undefined; reviews: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (value == null || reviews === 0) return <span className={styles.none}>{t('rating.none')}</span>;
  return (
    <span className={styles.rating}>
      <IconStarFilled size={14} aria-hidden />
      <span className="visually-hidden">{t('rating.label')}</span>
      <b className="num">{formats.number(value, 2)}</b>
      <span className={styles.count}>· {t('rating.reviews', { count: reviews })}</span>
    </span>
  );
}

/** Stars of one review. */
export function Stars({ value }: { value: number }) {
  const { t } = useTranslation();
  return (
    <span className={styles.stars} role="img" aria-label={t('rating.ofFive', { value })}>
      {[1, 2, 3, 4, 5].map((star) => (
        <IconStarFilled key={star} size={14} className={star <= value ? styles.on : styles.off} aria-hidden />
      ))}
    </span>
  );
}
