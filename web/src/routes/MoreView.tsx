import { useAccount } from '~/features/accounts/queries';
import { MorePage } from '~/ui/frame/MorePage';
import { useTitle } from '~/ui/useTitle';

export function MoreView() {
  const account = useAccount();
  useTitle('titles.more');
  if (!account) return null;
  return <MorePage account={account} />;
}
