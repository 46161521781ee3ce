import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readMoney, writeMoney } from '~/api/shapes';
import { Button } from '~/ui/Button';
import { useDictionaries } from '~/ui/dictionaries';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { MultiSelect, Select, Switch, Textarea, TextInput } from '~/ui/mantine/fields';
import { Card } from '~/ui/Page';
import { toast } from '~/ui/toasts';
import type { Account } from '../queries';
import { useChangeProfile } from './commands';
import { fieldsOf } from './profileFields';
import styles from './Settings.module.css';

type Value = string | string[] | boolean;

/** The profile of a student or a teacher; only changed fields are sent. */
export function ProfileForm({ account }: { account: Account }) {
  const { t } = useTranslation('settings');
  const { options } = useDictionaries();
  const change = useChangeProfile();
  const errors = useFormErrors(change.error, { nickname_taken: 'nickname' });
  const profile = account.profile as Record<string, unknown>;
  const fields = fieldsOf(account);
  const [values, setValues] = useState<Record<string, Value>>({});
  const stored = (name: string, kind: string): Value => {
    const value = name === 'name' || name === 'nickname' ? account[name] : profile[name];
    if (kind === 'many') return Array.isArray(value) ? value.map(String) : [];
    if (kind === 'flag') return value === true;
    if (kind === 'money') return String((readMoney(value)?.amount ?? 0) / 100 || '');
    return value == null ? '' : String(value);
  };
  const set = (name: string, value: Value) => {
    errors.clear(name);
    setValues((before) => ({ ...before, [name]: value }));
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    const body = Object.fromEntries(
      fields
        .filter(({ name }) => name in values)
        .map(({ name, kind }) => {
          const value = values[name];
          if (kind === 'money') return [name, value === '' ? null : writeMoney(String(value))];
          if (kind === 'number') return [name, value === '' ? null : Number(value)];
          if (kind === 'many' && name === 'durations') return [name, (value as string[]).map(Number)];
          return [name, value === '' ? null : value];
        }),
    );
    change.mutate(body, {
      onSuccess: () => {
        setValues({});
        toast({ tone: 'ok', title: t('saved') });
      },
    });
  };
  return (
    <Card id="profile" title={t('tabs.profile')}>
      <form onSubmit={send} noValidate className={styles.form}>
        {fields.map(({ name, kind, list }) => {
          const value = values[name] ?? stored(name, kind);
          const shared = { label: t(`fields.${name}`), error: errors.of(name) };
          const onText = (event: { currentTarget: { value: string } }) =>
            set(name, event.currentTarget.value);
          if (kind === 'many')
            return (
              <MultiSelect
                key={name}
                {...shared}
                data={options(list ?? '')}
                value={value as string[]}
                searchable
                onChange={(next) => set(name, next)}
              />
            );
          if (kind === 'one')
            return (
              <Select
                key={name}
                {...shared}
                data={options(list ?? '')}
                value={(value as string) || null}
                clearable
                onChange={(next) => set(name, next ?? '')}
              />
            );
          if (kind === 'flag')
            return (
              <Switch
                key={name}
                label={shared.label}
                checked={value === true}
                onChange={(event) => set(name, event.currentTarget.checked)}
              />
            );
          if (kind === 'long')
            return (
              <Textarea
                key={name}
                {...shared}
                className={styles.wide}
                autosize
                minRows={3}
                maxRows={10}
                maxLength={2000}
                value={value as string}
                onChange={onText}
              />
            );
          return (
            <TextInput
              key={name}
              {...shared}
              inputMode={kind === 'text' ? 'text' : 'decimal'}
              value={value as string}
              onChange={onText}
            />
          );
        })}
        <div className={styles.wide}>
          <FormAlert error={errors.general} />
          <Button
            type="submit"
            variant="primary"
            disabled={Object.keys(values).length === 0}
            busy={change.isPending ? t('saving') : null}
          >
            {t('save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
