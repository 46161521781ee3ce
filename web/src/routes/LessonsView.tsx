import { useSearch } from '@tanstack/react-router';
import { LessonsPage } from '~/features/scheduling/LessonsPage';
import { useTitle } from '~/ui/useTitle';

export function LessonsView() {
  useTitle('titles.lessons');
  return <LessonsPage tab={useSearch({ from: '/lessons' }).tab ?? 'scheduled'} />;
}
