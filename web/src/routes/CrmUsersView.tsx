import { useSearch } from '@tanstack/react-router';
import { useAccount } from '~/features/accounts/queries';
import { UsersPage } from '~/features/crm/UsersPage';
import { useTitle } from '~/ui/useTitle';

export function CrmUsersView() {
  const account = useAccount();
  const search = useSearch({ from: '/crm/users' });
  useTitle('titles.crmUsers');
  if (!account) return null;
  return <UsersPage account={account} search={search} />;
}
