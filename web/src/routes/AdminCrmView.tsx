import { useSearch } from '@tanstack/react-router';
import { CrmLinkPage } from '~/features/admin/CrmLinkPage';
import { useTitle } from '~/ui/useTitle';

export function AdminCrmView() {
  const search = useSearch({ from: '/admin/crm' });
  useTitle('titles.adminCrm');
  return <CrmLinkPage status={search.status} />;
}
