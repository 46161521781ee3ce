import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Code, writeMoney } from '~/api/shapes';
import type { Account } from '~/features/accounts/queries';
import { Dialog, SubmitButtons } from '~/ui/Dialog';
import { useDictionaries } from '~/ui/dictionaries';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { MultiSelect, Select, Textarea, TextInput } from '~/ui/mantine/fields';
import { toast } from '~/ui/toasts';
import { useZone } from '~/ui/zone';
import { addDays, dayOf, instantOf } from '~/ui/zones';
import { minuteOf } from '../calendar/slotForm';
import { useRequestLesson } from './commands';
import styles from './Requests.module.css';

/** Asks for a lesson at a time: all teachers who match are asked at once. */
export function RequestDialog({ account, close }: { account: Account; close: () => void }) {
  const { t } = useTranslation('calendar');
  const { options } = useDictionaries();
  const { zone } = useZone();
  const ask = useRequestLesson();
  const profile = account.profile as { subjects?: string[]; grade?: string; goals?: string[] };
  const [goals, setGoals] = useState<string[]>(profile.goals ?? []);
  const [values, setValues] = useState({
    subject: profile.subjects?.[0] ?? 'mathematics',
    grade: profile.grade ?? '9',
    duration_minutes: '60',
    format: 'online',
    day: addDays(dayOf(new Date(), zone), 2),
    time: '17:00',
    max_price: '',
    comment: '',
  });
  const errors = useFormErrors(ask.error, { starts_too_soon: 'day' });
  type Name = keyof typeof values;
  const set = (name: Name, value: string) => {
    errors.clear(name === 'day' || name === 'time' ? 'starts_at' : name);
    setValues((before) => ({ ...before, [name]: value }));
  };
  const text = (name: Name) => ({
    label: t(`requests.fields.${name}`),
    value: values[name],
    error: errors.of(name === 'day' ? 'starts_at' : name),
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  const select = (name: Name, list: string) => ({
    label: t(`requests.fields.${name}`),
    data: options(list),
    value: values[name],
    error: errors.of(name),
    allowDeselect: false,
    searchable: list === 'subjects',
    onChange: (value: string | null) => value && set(name, value),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(
      {
        subject: values.subject as Code<'Subject'>,
        grade: values.grade as Code<'Grade'>,
        goals: goals as Code<'Goal'>[],
        duration_minutes: Number(values.duration_minutes) as Code<'DurationMinutes'>,
        format: values.format as Code<'LessonFormat'>,
        starts_at: instantOf(values.day, minuteOf(values.time), zone).toISOString(),
        ...(values.max_price.trim() && { max_price: writeMoney(values.max_price) }),
        ...(values.comment.trim() && { comment: values.comment.trim() }),
      },
      {
        onSuccess: () => {
          toast({ tone: 'ok', title: t('requests.sent') });
          close();
        },
      },
    );
  };
  return (
    <Dialog title={t('requests.ask')} close={close} size={520}>
      <form onSubmit={send} noValidate style={{ display: 'grid', gap: 16 }}>
        <div className={styles.pair}>
          <Select {...select('subject', 'subjects')} />
          <Select {...select('grade', 'grades')} />
          <TextInput {...text('day')} type="date" />
          <TextInput {...text('time')} type="time" step={300} />
          <Select {...select('duration_minutes', 'durations')} />
          <Select {...select('format', 'formats')} />
        </div>
        <MultiSelect
          label={t('requests.fields.goals')}
          data={options('goals')}
          value={goals}
          onChange={setGoals}
          error={errors.of('goals')}
        />
        <TextInput {...text('max_price')} inputMode="decimal" />
        <Textarea {...text('comment')} autosize minRows={2} maxRows={5} maxLength={1000} />
        <FormAlert error={errors.general} />
        <SubmitButtons
          submit={t('requests.submit')}
          busy={ask.isPending ? t('requests.sending') : null}
          close={close}
        />
      </form>
    </Dialog>
  );
}
