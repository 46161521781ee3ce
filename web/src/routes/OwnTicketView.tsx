import { useParams } from '@tanstack/react-router';
import { useAccount } from '~/features/accounts/queries';
import { TicketPage } from '~/features/support/TicketPage';
import { useTitle } from '~/ui/useTitle';

export function OwnTicketView() {
  const account = useAccount();
  const { id } = useParams({ from: '/tickets/$id' });
  useTitle('titles.tickets');
  if (!account) return null;
  return <TicketPage account={account} id={id} />;
}
