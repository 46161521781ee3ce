import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { Dialog, DialogButtons } from '~/ui/Dialog';
import { FormAlert } from '~/ui/FormAlert';
import { Select, Textarea } from '~/ui/mantine/fields';
import { toast } from '~/ui/toasts';
import { useChangeRole } from './commands';
import type { ListedAccount } from './queries';

export const ROLES = ['student', 'teacher', 'support', 'analyst', 'admin', 'auditor'] as const;

/** Grants or revokes one role, with a reason that stays in the log. */
export function RolesDialog({ account, close }: { account: ListedAccount; close: () => void }) {
  const { t } = useTranslation('admin');
  const change = useChangeRole();
  const [role, setRole] = useState<ListedAccount['roles'][number]>('support');
  const [reason, setReason] = useState('');
  const action = account.roles.includes(role) ? 'revoke' : 'grant';
  const send = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { id: account.id, action, role, reason: reason.trim() },
      {
        onSuccess: () => {
          toast({ tone: 'ok', title: t('accounts.changed') });
          close();
        },
      },
    );
  };
  return (
    <Dialog title={t('accounts.rolesOf', { name: account.name ?? '' })} close={close}>
      <form onSubmit={send} style={{ display: 'grid', gap: 16 }}>
        <Select
          label={t('accounts.role')}
          data={ROLES.map((value) => ({ value, label: t(`common:roles.${value}`) }))}
          value={role}
          allowDeselect={false}
          onChange={(value) => value && setRole(value)}
        />
        <Textarea
          label={t('accounts.reason')}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormAlert error={change.error} />
        <DialogButtons>
          <Button
            type="submit"
            size="large"
            variant={action === 'grant' ? 'primary' : 'danger'}
            disabled={reason.trim() === ''}
            busy={change.isPending ? t('busy') : null}
          >
            {t(`accounts.${action}`, { role: t(`common:roles.${role}`) })}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
