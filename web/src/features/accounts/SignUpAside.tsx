import { IconCalendarOff, IconReceipt, IconWorld } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './SignUp.module.css';

/** Promises to a newcomer, beside the form. */
export function SignUpAside() {
  const { t } = useTranslation('accounts');
  return (
    <aside className={styles.side} aria-label={t('side.label')}>
      <ul>
        <li>
          <IconReceipt size={24} stroke={1.6} aria-hidden />
          <b>{t('side.price')}</b>
          <span>{t('side.priceText')}</span>
        </li>
        <li>
          <IconCalendarOff size={24} stroke={1.6} aria-hidden />
          <b>{t('side.cancel')}</b>
          <span>{t('side.cancelText')}</span>
        </li>
        <li>
          <IconWorld size={24} stroke={1.6} aria-hidden />
          <b>{t('side.zone')}</b>
          <span>{t('side.zoneText')}</span>
        </li>
      </ul>
    </aside>
  );
}
