import { useParams, useSearch } from '@tanstack/react-router';
import { useAccount } from '~/features/accounts/queries';
import { MessagesPage } from '~/features/messaging/MessagesPage';
import { useTitle } from '~/ui/useTitle';

export function ConversationView() {
  const account = useAccount();
  const { id } = useParams({ from: '/messages/$id' });
  const search = useSearch({ from: '/messages/$id' });
  useTitle('titles.messages');
  if (!account) return null;
  return <MessagesPage account={account} id={id} q={search.q} archived={search.archived ?? false} />;
}
