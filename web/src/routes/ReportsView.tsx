import { useSearch } from '@tanstack/react-router';
import { ReportsPage } from '~/features/analytics/ReportsPage';
import { useTitle } from '~/ui/useTitle';

export function ReportsView() {
  const search = useSearch({ from: '/crm/analytics' });
  useTitle('titles.analytics');
  return <ReportsPage as_of={search.as_of} />;
}
