import { IconCalendarOff, IconReceipt, IconWorld } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './StartPage.module.css';

const FACTS = [
  { name: 'terms', icon: IconReceipt },
  { name: 'cancel', icon: IconCalendarOff },
  { name: 'zone', icon: IconWorld },
] as const;

export function StartWords() {
  const { t } = useTranslation('scheduling');
  return (
    <header className={styles.words}>
      <div>
        <h1>{t('start.title')}</h1>
        <p>{t('start.text')}</p>
      </div>
      <ul>
        {FACTS.map(({ name, icon: Icon }) => (
          <li key={name}>
            <Icon size={20} stroke={1.6} aria-hidden />
            {t(`start.${name}`)}
          </li>
        ))}
      </ul>
    </header>
  );
}
