import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataStep } from './DataStep';
import { type Role, RoleStep } from './RoleStep';
import styles from './SignUp.module.css';
import { SignUpAside } from './SignUpAside';

/** Sign-up in two steps: the role, then the data. */
export function RegisterPage({ next }: { next: string | undefined }) {
  const { t } = useTranslation('accounts');
  const [role, setRole] = useState<Role>('student');
  const [step, setStep] = useState<1 | 2>(1);
  return (
    <div className={styles.page}>
      <section className={styles.card}>
        <p className={styles.step}>{t('register.step', { step })}</p>
        {step === 1 ? (
          <RoleStep role={role} choose={setRole} next={next} go={() => setStep(2)} />
        ) : (
          <DataStep role={role} next={next} back={() => setStep(1)} />
        )}
      </section>
      <SignUpAside />
    </div>
  );
}
