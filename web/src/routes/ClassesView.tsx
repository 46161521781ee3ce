import { useAccount } from '~/features/accounts/queries';
import { ClassesPage } from '~/features/scheduling/classes/ClassesPage';
import { useTitle } from '~/ui/useTitle';

export function ClassesView() {
  const account = useAccount();
  useTitle('titles.classes');
  if (!account) return null;
  return <ClassesPage account={account} />;
}
