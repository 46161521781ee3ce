import { WaitlistPage } from '~/features/scheduling/requests/WaitlistPage';
import { useTitle } from '~/ui/useTitle';

export function WaitlistView() {
  useTitle('titles.waitlist');
  return <WaitlistPage />;
}
