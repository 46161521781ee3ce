import { useSearch } from '@tanstack/react-router';
import { useAccount } from '~/features/accounts/queries';
import { DeskPage } from '~/features/crm/DeskPage';
import { useTitle } from '~/ui/useTitle';

export function CrmTicketsView() {
  const account = useAccount();
  const search = useSearch({ from: '/crm/tickets' });
  useTitle('titles.crmTickets');
  if (!account) return null;
  return <DeskPage account={account} id={undefined} search={search} />;
}
