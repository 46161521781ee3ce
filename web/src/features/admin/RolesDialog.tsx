import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '~/ui/mantine/fields';
import { ReasonDialog } from '~/ui/ReasonDialog';
import { toast } from '~/ui/toasts';
import { useChangeRole } from './commands';
import type { ListedAccount } from './queries';

export const ROLES = ['student', 'teacher', 'support', 'analyst', 'admin', 'auditor'] as const;

/** Grants or revokes one role. */
export function RolesDialog({ account, close }: { account: ListedAccount; close: () => void }) {
  const { t } = useTranslation('admin');
  const change = useChangeRole();
  const [role, setRole] = useState<ListedAccount['roles'][number]>('support');
  const action = account.roles.includes(role) ? 'revoke' : 'grant';
  const send = (reason: string) =>
    change.mutate(
      { id: account.id, action, role, reason },
      {
        onSuccess: () => {
          toast({ tone: 'ok', title: t('accounts.changed') });
          close();
        },
      },
    );
  return (
    <ReasonDialog
      title={t('accounts.rolesOf', { name: account.name ?? '' })}
      submit={t(`accounts.${action}`, { role: t(`common:roles.${role}`) })}
      danger={action === 'revoke'}
      command={change}
      send={send}
      close={close}
    >
      <Select
        label={t('accounts.role')}
        data={ROLES.map((value) => ({ value, label: t(`common:roles.${value}`) }))}
        value={role}
        allowDeselect={false}
        onChange={(value) => value && setRole(value)}
      />
    </ReasonDialog>
  );
}
