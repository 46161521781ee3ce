import { useParams, useSearch } from '@tanstack/react-router';
import { useAccount } from '~/features/accounts/queries';
import { DeskPage } from '~/features/crm/DeskPage';
import { useTitle } from '~/ui/useTitle';

export function CrmTicketView() {
  const account = useAccount();
  const { id } = useParams({ from: '/crm/tickets/$id' });
  const search = useSearch({ from: '/crm/tickets/$id' });
  useTitle('titles.crmTickets');
  if (!account) return null;
  return <DeskPage account={account} id={id} search={search} />;
}
