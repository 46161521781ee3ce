import { useTranslation } from 'react-i18next';
import { useLine } from '../useLine';
import styles from './ConnectionDot.module.css';

/** The state of the live socket, in a word. */
export function ConnectionDot() {
  const { t } = useTranslation();
  const state = useLine();
  return (
    <span className={styles.dot} data-state={state} role="status">
      <span className={styles.word}>{t(`line.${state}`)}</span>
    </span>
  );
}
