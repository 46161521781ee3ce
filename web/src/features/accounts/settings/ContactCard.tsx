import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Chip } from '~/ui/Chip';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { useFormFields } from '~/ui/formFields';
import { PasswordInput, TextInput } from '~/ui/mantine/fields';
import { Card } from '~/ui/Page';
import { toast } from '~/ui/toasts';
import { useMailVerification } from '../links/commands';
import type { Account } from '../queries';
import { useChangeEmail, useChangePhone } from './commands';
import styles from './Settings.module.css';

export function ContactCard({ account }: { account: Account }) {
  const { t } = useTranslation('settings');
  const email = useChangeEmail();
  const phone = useChangePhone();
  const errors = useFormErrors(email.error, {
    email_taken: 'email',
    invalid_credentials: 'current_password',
  });
  const phoneErrors = useFormErrors(phone.error);
  const { values, field } = useFormFields({ email: account.email, current_password: '' }, errors, (name) =>
    t(`fields.${name}`),
  );
  const [number, setNumber] = useState(account.phone ?? '');
  const saved = () => toast({ tone: 'ok', title: t('saved') });
  const sendEmail = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!errors.require(event.currentTarget, values)) email.mutate(values, { onSuccess: saved });
  };
  const sendPhone = (event: FormEvent) => {
    event.preventDefault();
    phone.mutate(number.trim() || null, { onSuccess: saved });
  };
  return (
    <Card
      id="contact"
      title={t('contact')}
      action={
        <Chip tone={account.email_verified ? 'ok' : 'warn'}>
          {t(account.email_verified ? 'verified' : 'unverified')}
        </Chip>
      }
    >
      {!account.email_verified && <MailAgain />}
      <form className={styles.form} onSubmit={sendEmail} noValidate>
        <TextInput {...field('email')} type="email" autoComplete="email" />
        <PasswordInput
          {...field('current_password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('accounts:fields.showPassword'), tabIndex: 0 }}
        />
        <div className={styles.wide}>
          <FormAlert error={errors.general} />
          <Button type="submit" busy={email.isPending ? t('saving') : null}>
            {t('changeEmail')}
          </Button>
        </div>
      </form>
      <form className={styles.form} onSubmit={sendPhone} noValidate style={{ marginTop: 20 }}>
        <TextInput
          label={t('fields.phone')}
          type="tel"
          autoComplete="tel"
          value={number}
          error={phoneErrors.of('phone')}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <div className={styles.wide}>
          <FormAlert error={phoneErrors.general} />
          <Button type="submit" busy={phone.isPending ? t('saving') : null}>
            {t('changePhone')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** Mails the link that verifies the address once more. */
function MailAgain() {
  const { t } = useTranslation('settings');
  const mail = useMailVerification();
  return (
    <div className={styles.mailAgain}>
      <p>{t('verifyText')}</p>
      <FormAlert error={mail.error} />
      <Button
        size="small"
        busy={mail.isPending ? t('saving') : null}
        disabled={mail.isSuccess}
        onClick={() => mail.mutate(undefined)}
      >
        {t(mail.isSuccess ? 'verifySent' : 'verifyAgain')}
      </Button>
    </div>
  );
}
