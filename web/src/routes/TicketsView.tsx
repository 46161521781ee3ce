import { TicketsPage } from '~/features/support/TicketsPage';
import { useTitle } from '~/ui/useTitle';

export function TicketsView() {
  useTitle('titles.tickets');
  return <TicketsPage />;
}
