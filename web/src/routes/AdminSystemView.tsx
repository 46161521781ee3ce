import { SystemPage } from '~/features/admin/SystemPage';
import { useTitle } from '~/ui/useTitle';

export function AdminSystemView() {
  useTitle('titles.adminSystem');
  return <SystemPage />;
}
