import { useParams, useSearch } from '@tanstack/react-router';
import { useAccount } from '~/features/accounts/queries';
import { UserPage } from '~/features/crm/UserPage';
import { useTitle } from '~/ui/useTitle';

export function CrmUserView() {
  const account = useAccount();
  const { id } = useParams({ from: '/crm/users/$id' });
  const search = useSearch({ from: '/crm/users/$id' });
  useTitle('titles.crmUsers');
  if (!account) return null;
  return <UserPage key={id} account={account} id={id} as_of={search.as_of} />;
}
