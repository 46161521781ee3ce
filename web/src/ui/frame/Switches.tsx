import { IconMoon, IconSun, IconWorld } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { changeLanguage, currentLanguage } from '~/i18n';
import styles from './Switches.module.css';
import { useScheme } from './scheme';

/** The other language in one press. Named in that language. */
export function LanguageSwitch() {
  const { t } = useTranslation();
  const next = currentLanguage() === 'ru' ? 'en' : 'ru';
  return (
    <button
      type="button"
      className={styles.switch}
      lang={next}
      aria-label={`${next.toUpperCase()}: ${t('language.switch')}`}
      onClick={() => void changeLanguage(next)}
    >
      <IconWorld size={20} stroke={1.6} aria-hidden />
      <span aria-hidden>{next.toUpperCase()}</span>
    </button>
  );
}

export function SchemeSwitch() {
  const { t } = useTranslation();
  const { scheme, toggle } = useScheme();
  const Icon = scheme === 'dark' ? IconSun : IconMoon;
  return (
    <button
      type="button"
      className={styles.switch}
      aria-label={t(scheme === 'dark' ? 'scheme.toLight' : 'scheme.toDark')}
      onClick={toggle}
    >
      <Icon size={20} stroke={1.6} aria-hidden />
    </button>
  );
}
