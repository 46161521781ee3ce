import { Link, useRouter } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { useFormFields } from '~/ui/formFields';
import { PasswordInput, TextInput } from '~/ui/mantine/fields';
import { useSignIn } from './commands';
import styles from './SignUp.module.css';
import { SignUpAside } from './SignUpAside';

const EMPTY = { email: '', password: '' };

export function LoginPage({ next }: { next: string | undefined }) {
  const { t } = useTranslation('accounts');
  const router = useRouter();
  const signIn = useSignIn();
  const errors = useFormErrors(signIn.error);
  const { values, field } = useFormFields(EMPTY, errors, (name) => t(`fields.${name}`));

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (errors.require(event.currentTarget, values)) return;
    signIn.mutate(values, { onSuccess: () => void router.history.push(next ?? '/') });
  };

  return (
    <div className={styles.page}>
      <section className={styles.card}>
        <form noValidate onSubmit={send}>
          <h1>{t('login.title')}</h1>
          <FormAlert error={errors.general} />
          <div className={styles.fields}>
            <TextInput {...field('email')} type="email" inputMode="email" autoComplete="email" />
            <PasswordInput
              {...field('password')}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t('fields.showPassword'), tabIndex: 0 }}
            />
            <Link to="/recover" className={styles.forgot}>
              {t('login.forgot')}
            </Link>
          </div>
          <Button
            type="submit"
            variant="primary"
            size="large"
            wide
            busy={signIn.isPending ? t('login.busy') : null}
          >
            {t('login.submit')}
          </Button>
          <p className={styles.other}>
            {t('login.new')}{' '}
            <Link to="/register" search={next ? { next } : {}}>
              {t('register.link')}
            </Link>
          </p>
        </form>
      </section>
      <SignUpAside />
    </div>
  );
}
