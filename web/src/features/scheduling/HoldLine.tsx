import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNow } from '~/ui/useNow';
import styles from './BookingPanel.module.css';
import { countdownTo } from './countdown';

/** How long the seat is held, under the button. */
export function HoldLine({ expiresAt }: { expiresAt: number }) {
  const { t } = useTranslation('scheduling');
  const now = useNow(1_000);
  const over = expiresAt <= now;
  return (
    <p className={styles.hold} data-over={over}>
      <IconLock size={16} stroke={1.8} aria-hidden />
      {over ? t('booking.holdOver') : t('booking.hold')}
      {!over && (
        <b className="num" role="timer">
          {countdownTo(expiresAt, now).clock}
        </b>
      )}
    </p>
  );
}
