import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { useFormFields } from '~/ui/formFields';
import { PasswordInput } from '~/ui/mantine/fields';
import { Card } from '~/ui/Page';
import { toast } from '~/ui/toasts';
import { PasswordMeter } from '../PasswordMeter';
import type { Account } from '../queries';
import { useChangePassword } from './commands';
import styles from './Settings.module.css';

const EMPTY = { current_password: '', new_password: '' };

export function PasswordCard({ account }: { account: Account }) {
  const [round, setRound] = useState(0);
  return <PasswordForm key={round} account={account} done={() => setRound(round + 1)} />;
}

function PasswordForm({ account, done }: { account: Account; done: () => void }) {
  const { t } = useTranslation('settings');
  const change = useChangePassword();
  const errors = useFormErrors(change.error, { invalid_credentials: 'current_password' });
  const { values, field } = useFormFields(EMPTY, errors, (name) => t(`fields.${name}`));
  const eye = { 'aria-label': t('accounts:fields.showPassword'), tabIndex: 0 };
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (errors.require(event.currentTarget, values)) return;
    change.mutate(values, {
      onSuccess: () => {
        toast({ tone: 'ok', title: t('passwordChanged'), text: t('othersEnded') });
        done();
      },
    });
  };
  return (
    <Card id="password" title={t('password')} note={t('passwordText')}>
      <form className={styles.form} onSubmit={send} noValidate>
        <PasswordInput
          {...field('current_password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={eye}
        />
        <div>
          <PasswordInput
            {...field('new_password')}
            autoComplete="new-password"
            maxLength={128}
            visibilityToggleButtonProps={eye}
          />
          <PasswordMeter
            password={values.new_password}
            own={[account.name, account.nickname, account.email]}
          />
        </div>
        <div className={styles.wide}>
          <FormAlert error={errors.general} />
          <Button type="submit" busy={change.isPending ? t('saving') : null}>
            {t('changePassword')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
