import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { teacherQuery } from '~/features/scheduling/queries';
import { TeacherPage } from '~/features/scheduling/TeacherPage';
import { useTitle } from '~/ui/useTitle';

export function TeacherView() {
  const { id } = useParams({ from: '/teachers/$id' });
  const { slot } = useSearch({ from: '/teachers/$id' });
  const { data } = useQuery(teacherQuery(id));
  useTitle('titles.teachers', data?.name);
  return <TeacherPage key={id} id={id} slotId={slot} />;
}
