import { useAccount } from '~/features/accounts/queries';
import { ProfilePage } from '~/features/accounts/settings/ProfilePage';
import { useTitle } from '~/ui/useTitle';

export function SettingsView() {
  const account = useAccount();
  useTitle('titles.settings');
  if (!account) return null;
  return <ProfilePage account={account} />;
}
