import { useAccount } from '~/features/accounts/queries';
import { RequestsPage } from '~/features/scheduling/requests/RequestsPage';
import { useTitle } from '~/ui/useTitle';

export function RequestsView() {
  const account = useAccount();
  useTitle('titles.requests');
  if (!account) return null;
  return <RequestsPage account={account} />;
}
