import { useAccount } from '~/features/accounts/queries';
import { SeriesPage } from '~/features/scheduling/calendar/SeriesPage';
import { useTitle } from '~/ui/useTitle';

export function SeriesView() {
  const account = useAccount();
  useTitle('titles.series');
  if (!account) return null;
  return <SeriesPage account={account} />;
}
