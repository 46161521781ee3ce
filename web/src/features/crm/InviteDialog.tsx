import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { optionalText } from '~/api/command';
import type { Code } from '~/api/shapes';
import type { Account } from '~/features/accounts/queries';
import { LANGUAGES } from '~/i18n';
import { Dialog, SubmitButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { useFormFields } from '~/ui/formFields';
import { Select, TextInput } from '~/ui/mantine/fields';
import { toast } from '~/ui/toasts';
import { useZoneOptions } from '~/ui/ZoneSelect';
import { useZone } from '~/ui/zone';
import styles from './Crm.module.css';
import { useInvite } from './commands';

const STUDENTS_AND_TEACHERS = ['student', 'teacher'];
const STAFF = ['support', 'analyst', 'admin', 'auditor'];

/** Makes an account for a person, who sets the password by a mailed link. Admins also invite staff. */
export function InviteDialog({ account, close }: { account: Account; close: () => void }) {
  const { t, i18n } = useTranslation('crm');
  const navigate = useNavigate();
  const zones = useZoneOptions();
  const { zone: here } = useZone();
  const invite = useInvite();
  const errors = useFormErrors(invite.error, { email_taken: 'email' });
  const { values, field } = useFormFields({ name: '', email: '' }, errors, (name) => t(`invite.${name}`));
  const [phone, setPhone] = useState('');
  const [role, setRole] = useState('student');
  const [locale, setLocale] = useState(i18n.language);
  const [zone, setZone] = useState(here);
  const roles = account.roles.includes('admin')
    ? [...STUDENTS_AND_TEACHERS, ...STAFF]
    : STUDENTS_AND_TEACHERS;

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (errors.require(event.currentTarget, values)) return;
    invite.mutate(
      {
        ...values,
        role: role as Code<'Role'>,
        locale: locale as Code<'Locale'>,
        time_zone: zone,
        phone: optionalText(phone),
      },
      {
        onSuccess: ({ id, email }) => {
          close();
          toast({ tone: 'ok', title: t('invite.done'), text: email });
          void navigate({ to: '/crm/users/$id', params: { id } });
        },
      },
    );
  };

  return (
    <Dialog title={t('invite.title')} close={close}>
      <form noValidate onSubmit={send} className={styles.dialogForm}>
        <p className={styles.dialogText}>{t('invite.text')}</p>
        <TextInput {...field('name')} maxLength={100} data-autofocus />
        <TextInput {...field('email')} type="email" inputMode="email" maxLength={254} />
        <TextInput
          label={t('invite.phone')}
          type="tel"
          value={phone}
          error={errors.of('phone')}
          onChange={(event) => {
            errors.clear('phone');
            setPhone(event.currentTarget.value);
          }}
        />
        <div className={styles.pair}>
          <Select
            label={t('invite.role')}
            data={roles.map((value) => ({ value, label: t(`common:roles.${value}`) }))}
            value={role}
            error={errors.of('role')}
            allowDeselect={false}
            onChange={(value) => value && setRole(value)}
          />
          <Select
            label={t('invite.locale')}
            data={LANGUAGES.map((value) => ({ value, label: t(`languages.${value}`) }))}
            value={locale}
            allowDeselect={false}
            onChange={(value) => value && setLocale(value)}
          />
        </div>
        <Select
          label={t('invite.zone')}
          data={zones}
          value={zone}
          searchable
          allowDeselect={false}
          nothingFoundMessage={t('common:zone.none')}
          onChange={(value) => value && setZone(value)}
        />
        <FormAlert error={errors.general} />
        <SubmitButtons
          submit={t('invite.submit')}
          busy={invite.isPending ? t('invite.busy') : null}
          close={close}
        />
      </form>
    </Dialog>
  );
}
