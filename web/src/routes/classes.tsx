import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';

/** `/classes`: students and teachers. */
export const classesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/classes',
  beforeLoad: (visit) => {
    requireRole('student', 'teacher')(visit);
  },
  loader: () => loadTexts('calendar'),
  component: lazyRouteComponent(() => import('./ClassesView'), 'ClassesView'),
});
