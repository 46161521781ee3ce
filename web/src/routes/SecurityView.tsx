import { useAccount } from '~/features/accounts/queries';
import { SecurityPage } from '~/features/accounts/settings/SecurityPage';
import { useTitle } from '~/ui/useTitle';

export function SecurityView() {
  const account = useAccount();
  useTitle('titles.settings');
  if (!account) return null;
  return <SecurityPage account={account} />;
}
