import { IconChevronLeft } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { useFormFields } from '~/ui/formFields';
import { PasswordInput, Select, TextInput } from '~/ui/mantine/fields';
import { useZoneOptions } from '~/ui/ZoneSelect';
import { systemZone } from '~/ui/zone';
import { useRegister } from './commands';
import { PasswordMeter } from './PasswordMeter';
import type { Role } from './RoleStep';
import styles from './SignUp.module.css';

const EMPTY = { name: '', nickname: '', email: '', password: '' };
const CONFLICTS = { email_taken: 'email', nickname_taken: 'nickname' } as const;

interface Props {
  role: Role;
  next: string | undefined;
  back: () => void;
}

export function DataStep({ role, next, back }: Props) {
  const { t, i18n } = useTranslation('accounts');
  const router = useRouter();
  const register = useRegister();
  const zones = useZoneOptions();
  const [zone, setZone] = useState(systemZone());
  const errors = useFormErrors(register.error, CONFLICTS);
  const { values, field } = useFormFields(EMPTY, errors, (name) => t(`fields.${name}`));

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const missing = errors.require(event.currentTarget, values);
    if (missing) return;
    register.mutate(
      { ...values, role, time_zone: zone, locale: i18n.language === 'ru' ? 'ru' : 'en' },
      { onSuccess: () => void router.history.push(next ?? '/') },
    );
  };

  return (
    <form noValidate onSubmit={send}>
      <h1>{t('register.dataTitle')}</h1>
      <FormAlert error={errors.general} />
      <div className={styles.fields}>
        <TextInput
          {...field('name')}
          description={t('register.nameHelp')}
          autoComplete="name"
          maxLength={100}
          data-autofocus
        />
        <TextInput
          {...field('nickname')}
          description={t('register.nicknameHelp')}
          autoComplete="username"
          maxLength={32}
        />
        <TextInput {...field('email')} type="email" inputMode="email" autoComplete="email" maxLength={254} />
        <div>
          <PasswordInput
            {...field('password')}
            autoComplete="new-password"
            maxLength={128}
            visibilityToggleButtonProps={{ 'aria-label': t('fields.showPassword'), tabIndex: 0 }}
          />
          <PasswordMeter password={values.password} own={[values.name, values.nickname, values.email]} />
        </div>
        <Select
          label={t('fields.zone')}
          description={t('register.zoneHelp')}
          data={zones}
          value={zone}
          onChange={(value) => value && setZone(value)}
          searchable
          allowDeselect={false}
          nothingFoundMessage={t('fields.zoneNone')}
        />
      </div>
      <div className={styles.buttons}>
        <Button size="large" variant="quiet" icon={<IconChevronLeft size={18} aria-hidden />} onClick={back}>
          {t('register.back')}
        </Button>
        <Button
          type="submit"
          variant="primary"
          size="large"
          busy={register.isPending ? t('register.busy') : null}
        >
          {t('register.submit')}
        </Button>
      </div>
    </form>
  );
}
