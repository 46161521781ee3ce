import { useParams } from '@tanstack/react-router';
import { RatePage } from '~/features/support/RatePage';
import { useTitle } from '~/ui/useTitle';

export function RateView() {
  const { token } = useParams({ from: '/ticket-ratings/$token' });
  useTitle('titles.rate');
  return <RatePage token={token} />;
}
