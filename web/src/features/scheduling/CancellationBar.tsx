import { useTranslation } from 'react-i18next';
import type { components } from '~/api/schema';
import { readMoney } from '~/api/shapes';
import { useFormats } from '~/ui/zone';
import styles from './BookingPanel.module.css';

type Terms = components['schemas']['CancellationTerms'];

/** The terms of a cancellation as a bar of two parts: free until, then the fee. */
export function CancellationBar({ terms, startsAt }: { terms: Terms; startsAt: string }) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const fee = readMoney(terms.late_fee);
  const now = Date.now();
  const freeUntil = Date.parse(terms.free_until);
  const isFree = freeUntil > now;
  const share = isFree ? (freeUntil - now) / (Date.parse(startsAt) - now) : 0;
  const until = `${formats.shortDay(terms.free_until)}, ${formats.time(terms.free_until)}`;
  return (
    <div className={styles.terms}>
      <h3>{t('terms.title')}</h3>
      <div className={styles.bar} aria-hidden>
        {isFree && <i className={styles.free} style={{ flexGrow: Math.max(share, 0.25) }} />}
        <i className={styles.late} style={{ flexGrow: Math.max(1 - share, 0.3) }} />
      </div>
      <div className={styles.sides}>
        {isFree && (
          <p className={styles.freeText}>
            <b>{t('terms.free')}</b>
            <br />
            {t('terms.until', { until })}
          </p>
        )}
        <p className={styles.lateText}>
          <b className="num">{fee ? formats.money(fee) : ''}</b>
          <br />
          {t(isFree ? 'terms.later' : 'terms.now')}
        </p>
      </div>
      <p className={styles.fixed}>{t('terms.fixed')}</p>
    </div>
  );
}
