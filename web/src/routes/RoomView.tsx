import { useParams } from '@tanstack/react-router';
import { useAccount } from '~/features/accounts/queries';
import { RoomPage } from '~/features/video/RoomPage';
import { useTitle } from '~/ui/useTitle';

export function RoomView() {
  const account = useAccount();
  const { id } = useParams({ from: '/lessons/$id/room' });
  useTitle('titles.room');
  if (!account) return null;
  return <RoomPage key={id} account={account} id={id} />;
}
