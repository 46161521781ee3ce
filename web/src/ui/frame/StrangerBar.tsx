import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../Button';
import { Mark } from '../Mark';
import styles from './StrangerBar.module.css';
import { LanguageSwitch, SchemeSwitch } from './Switches';

export function StrangerBar() {
  const { t } = useTranslation();
  return (
    <header className={styles.bar}>
      <div className={styles.inner}>
        <Mark />
        <nav className={styles.places} aria-label={t('places.label')}>
          <Link to="/teachers">{t('places.teachers')}</Link>
        </nav>
        <div className={styles.side}>
          <LanguageSwitch />
          <SchemeSwitch />
          <span className={styles.actions}>
            <ButtonLink to="/login" variant="quiet">
              {t('places.login')}
            </ButtonLink>
            <ButtonLink to="/register" variant="primary">
              {t('places.register')}
            </ButtonLink>
          </span>
        </div>
      </div>
    </header>
  );
}
