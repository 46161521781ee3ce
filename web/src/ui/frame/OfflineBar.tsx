import { IconWifiOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../zone';
import styles from './OfflineBar.module.css';

/** Since when there is no network, and what that means. */
export function OfflineBar() {
  const { t } = useTranslation();
  const formats = useFormats();
  const [since] = useState(() => new Date());
  return (
    <div className={styles.bar} role="status">
      <IconWifiOff size={20} aria-hidden />
      <p>
        <b>{t('offline.title', { time: formats.time(since) })}</b> {t('offline.text')}
      </p>
    </div>
  );
}
