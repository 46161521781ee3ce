import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, SubmitButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { useFormErrors } from '~/ui/formErrors';
import { useFormFields } from '~/ui/formFields';
import { Select, Textarea, TextInput } from '~/ui/mantine/fields';
import { toast } from '~/ui/toasts';
import { useOpenTicket } from './commands';

export const CATEGORIES = ['lessons', 'payment', 'calls', 'profile', 'technical_support', 'other'] as const;

export function NewTicketDialog({ close }: { close: () => void }) {
  const { t } = useTranslation('support');
  const navigate = useNavigate();
  const open = useOpenTicket();
  const errors = useFormErrors(open.error);
  const [category, setCategory] = useState<string>('other');
  const { values, field } = useFormFields({ title: '', description: '' }, errors, (name) =>
    t(`fields.${name}`),
  );
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (errors.require(event.currentTarget, values)) return;
    open.mutate(
      { ...values, category, tags: [] },
      {
        onSuccess: ({ id }) => {
          toast({ tone: 'ok', title: t('sent') });
          void navigate({ to: '/tickets/$id', params: { id } });
        },
      },
    );
  };
  return (
    <Dialog title={t('new')} close={close}>
      <form onSubmit={send} noValidate style={{ display: 'grid', gap: 16 }}>
        <Select
          label={t('fields.category')}
          data={CATEGORIES.map((value) => ({ value, label: t(`categories.${value}`) }))}
          value={category}
          allowDeselect={false}
          error={errors.of('category')}
          onChange={(value) => value && setCategory(value)}
        />
        <TextInput {...field('title')} maxLength={200} data-autofocus />
        <Textarea {...field('description')} autosize minRows={4} maxRows={12} maxLength={10_000} />
        <FormAlert error={errors.general} />
        <SubmitButtons submit={t('send')} busy={open.isPending ? t('sending') : null} close={close} />
      </form>
    </Dialog>
  );
}
