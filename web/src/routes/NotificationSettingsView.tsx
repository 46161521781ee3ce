import { PreferencesPage } from '~/features/notifications/PreferencesPage';
import { useTitle } from '~/ui/useTitle';

export function NotificationSettingsView() {
  useTitle('titles.settings');
  return <PreferencesPage />;
}
