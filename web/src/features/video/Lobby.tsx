import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import styles from './Room.module.css';

/** Waits until the teacher lets one in. */
export function Lobby({ leave }: { leave: () => void }) {
  const { t } = useTranslation('room');
  return (
    <div className={styles.lobby} role="status">
      <span className={styles.pulse} aria-hidden />
      <h1>{t('lobby.title')}</h1>
      <p>{t('lobby.text')}</p>
      <Button onClick={leave}>{t('controls.leave')}</Button>
    </div>
  );
}
