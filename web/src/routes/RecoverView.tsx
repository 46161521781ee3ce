import { RecoverPage } from '~/features/accounts/links/RecoverPage';
import { useTitle } from '~/ui/useTitle';

export function RecoverView() {
  useTitle('titles.recover');
  return <RecoverPage />;
}
