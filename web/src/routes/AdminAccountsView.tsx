import { useSearch } from '@tanstack/react-router';
import { AccountsPage } from '~/features/admin/AccountsPage';
import { useTitle } from '~/ui/useTitle';

export function AdminAccountsView() {
  const search = useSearch({ from: '/admin/accounts' });
  useTitle('titles.adminAccounts');
  return <AccountsPage search={search} />;
}
