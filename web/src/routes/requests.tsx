import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';

/** `/requests`: students and teachers. */
export const requestsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/requests',
  beforeLoad: (visit) => {
    requireRole('student', 'teacher')(visit);
  },
  loader: () => loadTexts('calendar'),
  component: lazyRouteComponent(() => import('./RequestsView'), 'RequestsView'),
});
