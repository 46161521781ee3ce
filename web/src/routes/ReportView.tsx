import { useParams, useSearch } from '@tanstack/react-router';
import { REPORTS } from '~/features/analytics/queries';
import { ReportPage } from '~/features/analytics/ReportPage';
import { NotFound } from '~/ui/NotFound';
import { useTitle } from '~/ui/useTitle';

export function ReportView() {
  const { report } = useParams({ from: '/crm/analytics/$report' });
  const search = useSearch({ from: '/crm/analytics/$report' });
  const known = REPORTS.find((name) => name === report);
  useTitle('titles.analytics');
  return known ? <ReportPage key={known} report={known} search={search} /> : <NotFound />;
}
