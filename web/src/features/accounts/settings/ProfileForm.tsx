import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cache } from '~/api/cache';
import { tagOf } from '~/api/versions';
import { Button } from '~/ui/Button';
import { Comparison } from '~/ui/Comparison';
import { useDictionaries } from '~/ui/dictionaries';
import { useFormErrors } from '~/ui/formErrors';
import { MultiSelect, Select, Switch, Textarea, TextInput } from '~/ui/mantine/fields';
import { Card } from '~/ui/Page';
import { toast } from '~/ui/toasts';
import { type Account, accountQuery } from '../queries';
import { useChangeProfile } from './commands';
import { bodyOf, type FieldValue, fieldsOf, storedValue, wordOf } from './profileFields';
import styles from './Settings.module.css';

/** Fields as they were at the first change. */
type Base = { account: Account; tag: string | undefined };

/** The profile of a student or a teacher; only changed fields are sent. */
export function ProfileForm({ account }: { account: Account }) {
  const { t } = useTranslation('settings');
  const { label, options } = useDictionaries();
  const change = useChangeProfile();
  const errors = useFormErrors(change.error, { nickname_taken: 'nickname' });
  const fields = fieldsOf(account);
  const [values, setValues] = useState<Record<string, FieldValue>>({});
  const [base, setBase] = useState<Base | null>(null);
  const set = (name: string, value: FieldValue) => {
    errors.clear(name);
    setBase((before) => before ?? { account, tag: tagOf(account.id) });
    setValues((before) => ({ ...before, [name]: value }));
  };
  const clear = () => {
    setValues({});
    setBase(null);
    change.reset();
  };
  const save = (tag: string | undefined) =>
    change.mutate(
      { change: bodyOf(fields, values), tag },
      {
        onSuccess: () => {
          clear();
          toast({ tone: 'ok', title: t('saved') });
        },
      },
    );
  const differing = (now: Account) =>
    fields.flatMap((field) => {
      const mine = values[field.name];
      const [was, is] = [base?.account ?? now, now].map((one) =>
        wordOf(storedValue(one, field), field, label),
      );
      if (mine === undefined || was === is) return [];
      return [{ name: t(`fields.${field.name}`), mine: wordOf(mine, field, label), now: is ?? '' }];
    });
  return (
    <Card id="profile" title={t('tabs.profile')}>
      <form
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save(base?.tag);
        }}
      >
        {fields.map((field) => {
          const { name, kind, list = '' } = field;
          const value = values[name] ?? storedValue(account, field);
          const shared = { label: t(`fields.${name}`), error: errors.of(name) };
          const onText = (event: { currentTarget: { value: string } }) =>
            set(name, event.currentTarget.value);
          if (kind === 'many')
            return (
              <MultiSelect
                key={name}
                {...shared}
                data={options(list)}
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
                data={options(list)}
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
          <Comparison
            error={errors.general}
            load={() => cache.fetchQuery({ ...accountQuery, staleTime: 0 }).then((now) => now ?? account)}
            rows={differing}
            resend={(now) => save(tagOf(now.id))}
            keep={clear}
          />
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
