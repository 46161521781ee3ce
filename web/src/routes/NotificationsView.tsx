import { useSearch } from '@tanstack/react-router';
import { NotificationsPage } from '~/features/notifications/NotificationsPage';
import { useTitle } from '~/ui/useTitle';

export function NotificationsView() {
  const search = useSearch({ from: '/notifications' });
  useTitle('titles.notifications');
  return <NotificationsPage unread={search.unread ?? false} />;
}
