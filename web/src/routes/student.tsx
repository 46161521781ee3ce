import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';

/** `/students/{id}`: teachers of that student. */
export const studentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/students/$id',
  beforeLoad: (visit) => {
    requireRole('teacher')(visit);
  },
  loader: () => loadTexts('students'),
  component: lazyRouteComponent(() => import('./StudentView'), 'StudentView'),
});
