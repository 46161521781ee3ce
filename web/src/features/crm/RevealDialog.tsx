import { useTranslation } from 'react-i18next';
import { ReasonDialog } from '~/ui/ReasonDialog';
import { useReveal } from './commands';
import type { Contacts, CrmUser } from './queries';

interface Props {
  user: CrmUser;
  done: (contacts: Contacts) => void;
  close: () => void;
}

/** Shows the masked contacts of a person, for as long as the page is open. */
export function RevealDialog({ user, done, close }: Props) {
  const { t } = useTranslation('crm');
  const reveal = useReveal(user.id);
  return (
    <ReasonDialog
      title={t('user.revealTitle', { name: user.name })}
      submit={t('user.reveal')}
      command={reveal}
      send={(reason) => reveal.mutate(reason, { onSuccess: done })}
      close={close}
    >
      <p>{t('user.revealText')}</p>
    </ReasonDialog>
  );
}
