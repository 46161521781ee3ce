import { useSearch } from '@tanstack/react-router';
import { AuditPage } from '~/features/audit/AuditPage';
import { useTitle } from '~/ui/useTitle';

export function AuditView() {
  const search = useSearch({ from: '/audit' });
  useTitle('titles.audit');
  return <AuditPage search={search} />;
}
