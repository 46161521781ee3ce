import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cache } from '~/api/cache';
import { tagOf } from '~/api/versions';
import { Comparison } from '~/ui/Comparison';
import { Dialog, SubmitButtons } from '~/ui/Dialog';
import { useFormErrors } from '~/ui/formErrors';
import { useFormFields } from '~/ui/formFields';
import { Select, Textarea, TextInput } from '~/ui/mantine/fields';
import { toast } from '~/ui/toasts';
import { useZoneOptions } from '~/ui/ZoneSelect';
import styles from './Crm.module.css';
import { useCorrect } from './commands';
import { type CrmUser, userQuery } from './queries';

const NAMES = ['name', 'nickname', 'email', 'phone'] as const;
const CONFLICTS = { email_taken: 'email', nickname_taken: 'nickname' } as const;

const fieldsOf = (user: CrmUser) => ({
  name: user.name,
  nickname: user.nickname ?? '',
  email: user.email ?? '',
  phone: user.phone ?? '',
});

/** Corrects the data of a person, with a reason that stays in the log. Only changed fields are sent. */
export function CorrectDialog({ user, close }: { user: CrmUser; close: () => void }) {
  const { t } = useTranslation('crm');
  const zones = useZoneOptions();
  const correct = useCorrect(user.id);
  const errors = useFormErrors(correct.error, CONFLICTS);
  // The person as the dialog found them; a live change must not move what is compared.
  const [base] = useState(() => ({ fields: fieldsOf(user), tag: tagOf(user.id) }));
  const before = base.fields;
  const { values, field } = useFormFields({ ...before, reason: '' }, errors, (name) => t(`correct.${name}`));
  const [zone, setZone] = useState<string | null>(null);
  const { reason, phone, ...texts } = values;
  const changed = Object.fromEntries(
    Object.entries(texts).filter(([name, value]) => value.trim() !== before[name as keyof typeof before]),
  );
  const body = {
    ...changed,
    ...(phone.trim() !== before.phone && { phone: phone.trim() || null }),
    ...(zone && { time_zone: zone }),
  };

  const save = (tag: string | undefined) =>
    correct.mutate(
      { body: { ...body, reason: reason.trim() }, tag },
      {
        onSuccess: () => {
          close();
          toast({ tone: 'ok', title: t('correct.done') });
        },
      },
    );
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!errors.require(event.currentTarget, { ...changed, reason })) save(base.tag);
  };
  const differing = (present: CrmUser) => {
    const now = fieldsOf(present);
    return NAMES.filter((name) => values[name].trim() !== before[name] && now[name] !== before[name]).map(
      (name) => ({ name: t(`correct.${name}`), mine: values[name].trim(), now: now[name] }),
    );
  };

  return (
    <Dialog title={t('correct.title', { name: user.name })} close={close}>
      <form noValidate onSubmit={send} className={styles.dialogForm}>
        <TextInput {...field('name')} maxLength={100} data-autofocus />
        <TextInput {...field('nickname')} maxLength={32} />
        <TextInput
          {...field('email')}
          type="email"
          inputMode="email"
          maxLength={254}
          description={t('correct.emailHelp')}
        />
        <TextInput {...field('phone')} type="tel" />
        <Select
          label={t('correct.zone')}
          placeholder={t('correct.unchanged')}
          data={zones}
          value={zone}
          searchable
          clearable
          error={errors.of('time_zone')}
          nothingFoundMessage={t('common:zone.none')}
          onChange={setZone}
        />
        <Textarea {...field('reason')} autosize minRows={2} maxLength={500} />
        <Comparison
          error={errors.general}
          load={() => cache.fetchQuery({ ...userQuery(user.id, undefined), staleTime: 0 })}
          rows={differing}
          resend={(now) => save(tagOf(now.id))}
          keep={close}
        />
        <SubmitButtons
          submit={t('correct.submit')}
          busy={correct.isPending ? t('saving') : null}
          disabled={Object.keys(body).length === 0}
          close={close}
        />
      </form>
    </Dialog>
  );
}
