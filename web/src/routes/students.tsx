import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { present, text } from './search';

/** `/students`: teachers. */
export const studentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/students',
  validateSearch: (raw: Record<string, unknown>) =>
    present({ q: text(raw, 'q', 100), sort: text(raw, 'sort') }),
  beforeLoad: (visit) => {
    requireRole('teacher')(visit);
  },
  loader: () => loadTexts('students'),
  component: lazyRouteComponent(() => import('./StudentsView'), 'StudentsView'),
});
