import { useTranslation } from 'react-i18next';
import { useReveal } from './commands';
import type { Contacts, CrmUser } from './queries';
import { ReasonDialog } from './ReasonDialog';

interface Props {
  user: CrmUser;
  done: (contacts: Contacts) => void;
  close: () => void;
}

/** Shows the masked contacts of a person, for as long as the page is open. */
export function RevealDialog({ user, done, close }: Props) {
  const { t } = useTranslation('crm');
  return (
    <ReasonDialog
      title={t('user.revealTitle', { name: user.name })}
      text={t('user.revealText')}
      submit={t('user.reveal')}
      command={useReveal(user.id)}
      done={done}
      close={close}
    />
  );
}
