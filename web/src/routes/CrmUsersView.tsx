import { useSearch } from '@tanstack/react-router';
import { UsersPage } from '~/features/crm/UsersPage';
import { useTitle } from '~/ui/useTitle';

export function CrmUsersView() {
  const search = useSearch({ from: '/crm/users' });
  useTitle('titles.crmUsers');
  return <UsersPage search={search} />;
}
