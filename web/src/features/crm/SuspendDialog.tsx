import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Dialog, DialogButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { Textarea } from '~/ui/mantine/fields';
import { useSuspension } from './commands';
import type { CrmUser } from './queries';

/** Suspends or reinstates a person, with a reason that stays in the log. */
export function SuspendDialog({ user, close }: { user: CrmUser; close: () => void }) {
  const { t } = useTranslation('crm');
  const step = user.status === 'active' ? 'suspend' : 'reinstate';
  const change = useSuspension(user.id);
  const [reason, setReason] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ step, reason: reason.trim() }, { onSuccess: close });
  };
  return (
    <Dialog title={t(`user.${step}Title`, { name: user.name })} close={close}>
      <form onSubmit={send} style={{ display: 'grid', gap: 16 }}>
        <p>{t(`user.${step}Text`)}</p>
        <Textarea
          label={t('user.reason')}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormAlert error={change.error} />
        <DialogButtons>
          <Button size="large" onClick={close}>
            {t('cancel')}
          </Button>
          <Button
            type="submit"
            size="large"
            variant={step === 'suspend' ? 'danger' : 'primary'}
            disabled={reason.trim() === ''}
            busy={change.isPending ? t('saving') : null}
          >
            {t(`user.${step}`)}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
