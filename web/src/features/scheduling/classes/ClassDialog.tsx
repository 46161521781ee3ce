import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Code } from '~/api/shapes';
import type { Account } from '~/features/accounts/queries';
import { Dialog, SubmitButtons } from '~/ui/Dialog';
import { useDictionaries } from '~/ui/dictionaries';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { useFormFields } from '~/ui/formFields';
import { Select, Textarea, TextInput } from '~/ui/mantine/fields';
import { subjectsOf } from '../calendar/slotForm';
import styles from '../requests/Requests.module.css';
import { useCreateClass } from './commands';

const COLOURS = ['#0b6a61', '#1e589c', '#5b4897', '#91343d', '#814900', '#436400'];

export function ClassDialog({ account, close }: { account: Account; close: () => void }) {
  const { t } = useTranslation('calendar');
  const { label, options } = useDictionaries();
  const create = useCreateClass();
  const errors = useFormErrors(create.error);
  const [subject, setSubject] = useState(subjectsOf(account)[0] ?? 'mathematics');
  const [grade, setGrade] = useState('9');
  const { values, field } = useFormFields({ name: '', capacity: '6', description: '' }, errors, (name) =>
    t(`classes.fields.${name}`),
  );
  const send = (event: FormEvent) => {
    event.preventDefault();
    const colour = COLOURS[values.name.length % COLOURS.length] as string;
    create.mutate(
      {
        name: values.name.trim(),
        subject: subject as Code<'Subject'>,
        grade: grade as Code<'Grade'>,
        colour,
        capacity: Number(values.capacity),
        ...(values.description.trim() && { description: values.description.trim() }),
      },
      { onSuccess: close },
    );
  };
  return (
    <Dialog title={t('classes.new')} close={close}>
      <form onSubmit={send} noValidate style={{ display: 'grid', gap: 16 }}>
        <TextInput {...field('name')} maxLength={100} data-autofocus />
        <div className={styles.pair}>
          <Select
            label={t('fields.subject')}
            data={subjectsOf(account).map((value) => ({ value, label: label('subjects', value) }))}
            value={subject}
            allowDeselect={false}
            onChange={(value) => value && setSubject(value)}
          />
          <Select
            label={t('requests.fields.grade')}
            data={options('grades')}
            value={grade}
            allowDeselect={false}
            onChange={(value) => value && setGrade(value)}
          />
        </div>
        <TextInput {...field('capacity')} inputMode="numeric" />
        <Textarea {...field('description')} autosize minRows={2} maxRows={5} maxLength={1000} />
        <FormAlert error={errors.general} />
        <SubmitButtons
          submit={t('classes.submit')}
          busy={create.isPending ? t('saving') : null}
          close={close}
        />
      </form>
    </Dialog>
  );
}
