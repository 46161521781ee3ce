import type { UseMutationResult } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Dialog, DialogButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';

interface Props<Answer> {
  title: string;
  text: string;
  submit: string;
  danger?: boolean;
  command: UseMutationResult<Answer, Error, string>;
  done: (answer: Answer) => void;
  close: () => void;
}

/** Asks for a reason that stays in the log, and sends it. */
export function ReasonDialog<Answer>({ title, text, submit, danger, command, done, close }: Props<Answer>) {
  const { t } = useTranslation('crm');
  const [reason, setReason] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    command.mutate(reason.trim(), { onSuccess: done });
  };
  return (
    <Dialog title={title} close={close}>
      <form onSubmit={send} style={{ display: 'grid', gap: 16 }}>
        <p>{text}</p>
        <Textarea
          label={t('user.reason')}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormAlert error={command.error} />
        <DialogButtons>
          <Button size="large" onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            type="submit"
            size="large"
            variant={danger ? 'danger' : 'primary'}
            disabled={reason.trim() === ''}
            busy={command.isPending ? t('saving') : null}
          >
            {submit}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
