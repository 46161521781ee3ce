import { CannedPage } from '~/features/crm/CannedPage';
import { useTitle } from '~/ui/useTitle';

export function CannedView() {
  useTitle('titles.canned');
  return <CannedPage />;
}
