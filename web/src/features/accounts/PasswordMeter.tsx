import { useTranslation } from 'react-i18next';
import { SHORTEST, strengthOf } from './password';
import styles from './SignUp.module.css';

export function PasswordMeter({ password, own }: { password: string; own: readonly string[] }) {
  const { t } = useTranslation('accounts');
  const strength = strengthOf(password, own);
  return (
    <div className={styles.meter} data-strength={password === '' ? 'none' : strength}>
      <span className={styles.bars} aria-hidden>
        <i />
        <i />
        <i />
      </span>
      <span aria-live="polite">
        {password === '' || strength === 0
          ? t('password.shortest', { count: SHORTEST })
          : t(`password.strength${strength}`)}
      </span>
    </div>
  );
}
