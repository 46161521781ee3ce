import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';
import { Stars } from '~/ui/Rating';
import styles from './Tickets.module.css';

interface Props {
  rating: number | null;
  comment: string | null;
  error: unknown;
  busy: boolean;
  send: (rating: number, comment: string) => void;
}

/** One to five stars and a word, or what was given. */
export function RatingForm({ rating, comment, error, busy, send }: Props) {
  const { t } = useTranslation('support');
  const [stars, setStars] = useState(0);
  const [text, setText] = useState('');
  if (rating !== null) {
    return (
      <>
        <Stars value={rating} />
        {comment && <p className={styles.body}>{comment}</p>}
      </>
    );
  }
  return (
    <>
      <fieldset className={styles.stars}>
        <legend className="visually-hidden">{t('rate')}</legend>
        {[1, 2, 3, 4, 5].map((star) => (
          <label key={star}>
            <input
              type="radio"
              name="stars"
              value={star}
              checked={stars === star}
              onChange={() => setStars(star)}
            />
            <span className="visually-hidden">{t('common:rating.ofFive', { value: star })}</span>
            {star <= stars ? (
              <IconStarFilled size={28} aria-hidden />
            ) : (
              <IconStar size={28} stroke={1.6} aria-hidden />
            )}
          </label>
        ))}
      </fieldset>
      <Textarea
        label={t('comment')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={1000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <FormAlert error={error} />
      <p style={{ marginTop: 12 }}>
        <Button
          variant="primary"
          disabled={stars === 0}
          busy={busy ? t('sending') : null}
          onClick={() => send(stars, text)}
        >
          {t('sendRating')}
        </Button>
      </p>
    </>
  );
}
