import { IconAlertTriangle } from '@tabler/icons-react';
import styles from './FormAlert.module.css';
import { useProblemText } from './problems';

/** Why a form was refused, if no field is to blame. */
export function FormAlert({ error }: { error: unknown }) {
  const say = useProblemText();
  if (!error) return null;
  return (
    <p className={styles.alert} role="alert">
      <IconAlertTriangle size={20} aria-hidden />
      {say(error)}
    </p>
  );
}
