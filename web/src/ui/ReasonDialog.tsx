import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, SubmitButtons } from './Dialog';
import { FormAlert } from './FormAlert';
import { Textarea } from './mantine/fields';

interface Props {
  title: string;
  submit: string;
  danger?: boolean;
  command: { isPending: boolean; error: unknown };
  send: (reason: string) => void;
  close: () => void;
  /** Question or explanation before the field of the reason. */
  children: ReactNode;
}

/** Asks for a reason that stays in the log. */
export function ReasonDialog({ title, submit, danger = false, command, send, close, children }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send(reason.trim());
  };
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={onSubmit} style={{ display: 'grid', gap: 16 }}>
        {children}
        <Textarea
          label={t('reason')}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormAlert error={command.error} />
        <SubmitButtons
          submit={submit}
          danger={danger}
          disabled={reason.trim() === ''}
          busy={command.isPending ? t('saving') : null}
          close={close}
        />
      </form>
    </Dialog>
  );
}
