import { useTranslation } from 'react-i18next';
import { ReasonDialog } from '~/ui/ReasonDialog';
import { useSuspension } from './commands';
import type { CrmUser } from './queries';

/** Suspends or reinstates a person. */
export function SuspendDialog({ user, close }: { user: CrmUser; close: () => void }) {
  const { t } = useTranslation('crm');
  const step = user.status === 'active' ? 'suspend' : 'reinstate';
  const change = useSuspension(user.id, step);
  return (
    <ReasonDialog
      title={t(`user.${step}Title`, { name: user.name })}
      submit={t(`user.${step}`)}
      danger={step === 'suspend'}
      command={change}
      send={(reason) => change.mutate(reason, { onSuccess: close })}
      close={close}
    >
      <p>{t(`user.${step}Text`)}</p>
    </ReasonDialog>
  );
}
