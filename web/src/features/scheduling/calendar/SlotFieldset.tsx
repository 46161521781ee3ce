import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { useDictionaries } from '~/ui/dictionaries';
import type { useFormErrors } from '~/ui/formErrors';
import { Select, TextInput } from '~/ui/mantine/fields';
import styles from './Calendar.module.css';
import { type SlotFields, subjectsOf } from './slotForm';

interface Props {
  account: Account;
  fields: SlotFields;
  errors: ReturnType<typeof useFormErrors>;
  change: (fields: SlotFields) => void;
  /** Set for a series: another field chooses the day. */
  withoutDay?: boolean;
}

const API_NAMES = {
  day: 'starts_at',
  time: 'starts_at',
  minutes: 'duration_minutes',
  subject: 'subject',
  lessonType: 'lesson_type',
  format: 'format',
  price: 'price',
  capacity: 'capacity',
  place: 'place',
} as const;

export function SlotFieldset({ account, fields, errors, change, withoutDay }: Props) {
  const { t } = useTranslation('calendar');
  const { options, label } = useDictionaries();
  const own = subjectsOf(account).map((value) => ({ value, label: label('subjects', value) }));
  const set = (name: keyof SlotFields, value: string) => {
    errors.clear(API_NAMES[name]);
    change({ ...fields, [name]: value });
  };
  const input = (name: keyof SlotFields) => ({
    label: t(`fields.${name}`),
    name,
    value: fields[name],
    error: name === 'time' ? undefined : errors.of(API_NAMES[name]),
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  const select = (name: keyof SlotFields, data: { value: string; label: string }[]) => ({
    label: t(`fields.${name}`),
    data,
    value: fields[name],
    error: errors.of(API_NAMES[name]),
    allowDeselect: false,
    onChange: (value: string | null) => value && set(name, value),
  });
  return (
    <>
      <div className={styles.pair}>
        {!withoutDay && <TextInput {...input('day')} type="date" />}
        <TextInput {...input('time')} type="time" step={300} />
        <Select {...select('minutes', options('durations'))} />
        <Select {...select('subject', own)} />
        <Select {...select('lessonType', options('lesson_types'))} />
        <Select {...select('format', options('formats'))} />
        <TextInput {...input('price')} inputMode="decimal" />
        <TextInput {...input('capacity')} inputMode="numeric" />
      </div>
      {fields.format === 'offline' && <TextInput {...input('place')} maxLength={200} />}
    </>
  );
}
