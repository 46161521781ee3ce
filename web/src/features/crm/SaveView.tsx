import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, SubmitButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { Checkbox, TextInput } from '~/ui/mantine/fields';
import { useSaveView } from './commands';
import type { TicketFilter } from './queries';

type Search = TicketFilter & { as_of?: string };

/** Keeps the filters of the desk under a name. */
export function SaveView({ search, close }: { search: Search; close: () => void }) {
  const { t } = useTranslation('crm');
  const save = useSaveView();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const { as_of, ...query } = search;
    save.mutate({ name: name.trim(), query: { ...query }, shared }, { onSuccess: close });
  };
  return (
    <Dialog title={t('views.save')} close={close} size={400}>
      <form onSubmit={send} style={{ display: 'grid', gap: 16 }}>
        <TextInput
          label={t('views.name')}
          value={name}
          maxLength={60}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label={t('views.shared')}
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <FormAlert error={save.error} />
        <SubmitButtons
          submit={t('views.submit')}
          busy={save.isPending ? t('saving') : null}
          disabled={name.trim() === ''}
        />
      </form>
    </Dialog>
  );
}
