import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { line } from '~/api/live';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { Modal } from '~/ui/mantine/dialogs';
import { PasswordInput } from '~/ui/mantine/fields';
import { leave, useSignIn } from './commands';
import type { Account } from './queries';
import styles from './SignUp.module.css';

/** Asks for the password over the page whose session ended. The page and what was typed on it stay. */
export function SignInAgain({ account }: { account: Account }) {
  const { t } = useTranslation('accounts');
  const router = useRouter();
  const signIn = useSignIn();
  const [password, setPassword] = useState('');

  const send = (event: FormEvent) => {
    event.preventDefault();
    if (password === '') return;
    signIn.mutate({ email: account.email, password }, { onSuccess: () => line.reopen() });
  };
  const go = () => {
    leave();
    void router.navigate({ to: '/' });
  };

  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      centered
      title={t('again.title')}
    >
      <form onSubmit={send} noValidate>
        <p className={styles.againText}>{t('again.text', { email: account.email })}</p>
        <FormAlert error={signIn.error} />
        <PasswordInput
          label={t('fields.password')}
          name="password"
          value={password}
          autoComplete="current-password"
          data-autofocus
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('fields.showPassword'), tabIndex: 0 }}
        />
        <div className={styles.buttons}>
          <Button size="large" variant="quiet" onClick={go}>
            {t('again.leave')}
          </Button>
          <Button
            type="submit"
            variant="primary"
            size="large"
            busy={signIn.isPending ? t('login.busy') : null}
          >
            {t('login.submit')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
