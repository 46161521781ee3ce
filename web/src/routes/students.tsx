import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { STUDENT_SORTS } from '~/features/scheduling/students/queries';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { choice, present, text } from './search';

/** `/students`: teachers. */
export const studentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/students',
  validateSearch: (raw: Record<string, unknown>) =>
    present({ q: text(raw, 'q', 100), sort: choice(raw, 'sort', STUDENT_SORTS) }),
  beforeLoad: (visit) => {
    requireRole('teacher')(visit);
  },
  loader: () => loadTexts('students'),
  component: lazyRouteComponent(() => import('./StudentsView'), 'StudentsView'),
});
