import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '~/api/problem';
import { Button, ButtonLink } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { PasswordInput } from '~/ui/mantine/fields';
import { PasswordMeter } from '../PasswordMeter';
import styles from '../SignUp.module.css';
import { SignUpAside } from '../SignUpAside';
import { useSetPassword } from './commands';
import { InvalidLink } from './InvalidLink';

/** Sets a password by the link of a recovery or of an invitation. */
export function NewPasswordPage({ token }: { token: string }) {
  const { t } = useTranslation('links');
  const set = useSetPassword(token);
  const errors = useFormErrors(set.error);
  const [password, setPassword] = useState('');
  if (set.error instanceof ProblemError && set.error.code === 'link_not_found') {
    return (
      <InvalidLink>
        <ButtonLink to="/recover" variant="primary">
          {t('invalid.ask')}
        </ButtonLink>
      </InvalidLink>
    );
  }
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!errors.require(event.currentTarget, { new_password: password })) set.mutate(password);
  };
  const ended = set.data?.sessions_ended ?? 0;
  return (
    <div className={styles.page}>
      <section className={styles.card} aria-live="polite">
        {set.data ? (
          <>
            <h1>{t('password.doneTitle')}</h1>
            <p className={styles.text}>
              {ended > 0 ? t('password.doneText', { count: ended }) : t('password.doneTextNone')}
            </p>
            <ButtonLink to="/login" variant="primary" size="large" wide>
              {t('password.login')}
            </ButtonLink>
          </>
        ) : (
          <form noValidate onSubmit={send}>
            <h1>{t('password.title')}</h1>
            <p className={styles.text}>{t('password.text')}</p>
            <FormAlert error={errors.general} />
            <div className={styles.fields}>
              <div>
                <PasswordInput
                  name="new_password"
                  label={t('password.label')}
                  value={password}
                  error={errors.of('new_password')}
                  autoComplete="new-password"
                  maxLength={128}
                  visibilityToggleButtonProps={{
                    'aria-label': t('accounts:fields.showPassword'),
                    tabIndex: 0,
                  }}
                  onChange={(event) => {
                    errors.clear('new_password');
                    setPassword(event.currentTarget.value);
                  }}
                />
                <PasswordMeter password={password} own={[]} />
              </div>
            </div>
            <Button
              type="submit"
              variant="primary"
              size="large"
              wide
              busy={set.isPending ? t('password.busy') : null}
            >
              {t('password.submit')}
            </Button>
          </form>
        )}
      </section>
      <SignUpAside />
    </div>
  );
}
