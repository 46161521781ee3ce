import { Link, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { PasswordInput, TextInput } from '~/ui/mantine/fields';
import { useSignIn } from './commands';
import styles from './Door.module.css';
import { DoorSide } from './DoorSide';

const EMPTY = { email: '', password: '' };

export function LoginPage({ next }: { next: string | undefined }) {
  const { t } = useTranslation('accounts');
  const router = useRouter();
  const signIn = useSignIn();
  const [values, setValues] = useState(EMPTY);
  const errors = useFormErrors(signIn.error);

  const field = (name: keyof typeof EMPTY) => ({
    name,
    label: t(`fields.${name}`),
    value: values[name],
    error: errors.of(name),
    'aria-invalid': errors.of(name) !== undefined,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      errors.clear(name);
      setValues((before) => ({ ...before, [name]: value }));
    },
  });

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (errors.require(event.currentTarget, values)) return;
    signIn.mutate(values, { onSuccess: () => void router.history.push(next ?? '/') });
  };

  return (
    <div className={styles.door}>
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
      <DoorSide />
    </div>
  );
}
