import { useSearch } from '@tanstack/react-router';
import { DashboardPage } from '~/features/crm/DashboardPage';
import { useTitle } from '~/ui/useTitle';

export function CrmView() {
  const search = useSearch({ from: '/crm' });
  useTitle('titles.crm');
  return <DashboardPage as_of={search.as_of} />;
}
