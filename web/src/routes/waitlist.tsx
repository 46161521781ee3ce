import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';

/** `/waitlist`: students. */
export const waitlistRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/waitlist',
  beforeLoad: (visit) => {
    requireRole('student')(visit);
  },
  loader: () => loadTexts('calendar'),
  component: lazyRouteComponent(() => import('./WaitlistView'), 'WaitlistView'),
});
