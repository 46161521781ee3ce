import { useSearch } from '@tanstack/react-router';
import { useAccount } from '~/features/accounts/queries';
import { SchedulePage } from '~/features/scheduling/calendar/SchedulePage';
import { useTitle } from '~/ui/useTitle';

export function ScheduleView() {
  const account = useAccount();
  const search = useSearch({ from: '/schedule' });
  useTitle('titles.schedule');
  if (!account) return null;
  return <SchedulePage account={account} day={search.day} view={search.view} />;
}
