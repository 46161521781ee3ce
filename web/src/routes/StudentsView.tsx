import { useSearch } from '@tanstack/react-router';
import { StudentsPage } from '~/features/scheduling/students/StudentsPage';
import { useTitle } from '~/ui/useTitle';

export function StudentsView() {
  useTitle('titles.students');
  return <StudentsPage search={useSearch({ from: '/students' })} />;
}
