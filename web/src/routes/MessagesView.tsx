import { useSearch } from '@tanstack/react-router';
import { useAccount } from '~/features/accounts/queries';
import { MessagesPage } from '~/features/messaging/MessagesPage';
import { useTitle } from '~/ui/useTitle';

export function MessagesView() {
  const account = useAccount();
  const search = useSearch({ from: '/messages' });
  useTitle('titles.messages');
  if (!account) return null;
  return <MessagesPage account={account} id={undefined} q={search.q} archived={search.archived ?? false} />;
}
