import { Link } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { useFormFields } from '~/ui/formFields';
import { TextInput } from '~/ui/mantine/fields';
import styles from '../SignUp.module.css';
import { SignUpAside } from '../SignUpAside';
import { useRecoverPassword } from './commands';

/** Asks for a link to set a new password. */
export function RecoverPage() {
  const { t } = useTranslation('links');
  const recover = useRecoverPassword();
  const errors = useFormErrors(recover.error);
  const { values, field } = useFormFields({ email: '' }, errors, (name) => t(`accounts:fields.${name}`));
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!errors.require(event.currentTarget, values)) recover.mutate({ email: values.email.trim() });
  };
  return (
    <div className={styles.page}>
      <section className={styles.card} aria-live="polite">
        {recover.isSuccess ? (
          <>
            <h1>{t('recover.sentTitle')}</h1>
            <p className={styles.text}>{t('recover.sentText', { email: values.email.trim() })}</p>
            <p className={styles.text}>{t('recover.sentHelp')}</p>
            <Button size="large" wide onClick={() => recover.reset()}>
              {t('recover.again')}
            </Button>
          </>
        ) : (
          <form noValidate onSubmit={send}>
            <h1>{t('recover.title')}</h1>
            <p className={styles.text}>{t('recover.text')}</p>
            <FormAlert error={errors.general} />
            <div className={styles.fields}>
              <TextInput {...field('email')} type="email" inputMode="email" autoComplete="email" />
            </div>
            <Button
              type="submit"
              variant="primary"
              size="large"
              wide
              busy={recover.isPending ? t('recover.busy') : null}
            >
              {t('recover.submit')}
            </Button>
            <p className={styles.other}>
              {t('recover.back')} <Link to="/login">{t('password.login')}</Link>
            </p>
          </form>
        )}
      </section>
      <SignUpAside />
    </div>
  );
}
