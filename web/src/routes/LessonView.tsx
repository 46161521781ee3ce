import { useParams } from '@tanstack/react-router';
import { LessonPage } from '~/features/scheduling/LessonPage';
import { useTitle } from '~/ui/useTitle';

export function LessonView() {
  const { id } = useParams({ from: '/lessons/$id' });
  useTitle('titles.lesson');
  return <LessonPage key={id} id={id} />;
}
