import { useTranslation } from 'react-i18next';
import { useSuspension } from './commands';
import type { CrmUser } from './queries';
import { ReasonDialog } from './ReasonDialog';

/** Suspends or reinstates a person. */
export function SuspendDialog({ user, close }: { user: CrmUser; close: () => void }) {
  const { t } = useTranslation('crm');
  const step = user.status === 'active' ? 'suspend' : 'reinstate';
  return (
    <ReasonDialog
      title={t(`user.${step}Title`, { name: user.name })}
      text={t(`user.${step}Text`)}
      submit={t(`user.${step}`)}
      danger={step === 'suspend'}
      command={useSuspension(user.id, step)}
      done={close}
      close={close}
    />
  );
}
