import { useSearch } from '@tanstack/react-router';
import { TeachersPage } from '~/features/scheduling/TeachersPage';
import { useTitle } from '~/ui/useTitle';

export function TeachersView() {
  useTitle('titles.teachers');
  return <TeachersPage search={useSearch({ from: '/teachers' })} />;
}
