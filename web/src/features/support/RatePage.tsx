import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '~/ui/Page';
import { useRateByLink } from './commands';
import { RatingForm } from './RatingForm';
import styles from './Tickets.module.css';

/** The rating that a mail asks for. */
export function RatePage({ token }: { token: string }) {
  const { t } = useTranslation('support');
  const rate = useRateByLink(token);
  const [given, setGiven] = useState<{ rating: number; comment: string } | null>(null);
  return (
    <div className={styles.page}>
      <h1>{t(given ? 'thanks' : 'rateHow')}</h1>
      <Card>
        <RatingForm
          rating={given?.rating ?? null}
          comment={given?.comment ?? null}
          error={rate.error}
          busy={rate.isPending}
          send={(rating, comment) =>
            rate.mutate({ rating, comment }, { onSuccess: () => setGiven({ rating, comment }) })
          }
        />
      </Card>
    </div>
  );
}
