import { useParams } from '@tanstack/react-router';
import { StudentPage } from '~/features/scheduling/students/StudentPage';
import { useTitle } from '~/ui/useTitle';

export function StudentView() {
  const { id } = useParams({ from: '/students/$id' });
  useTitle('titles.students');
  return <StudentPage key={id} id={id} />;
}
