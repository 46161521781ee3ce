import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';

/** `/crm/canned`: support. */
export const cannedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/crm/canned',
  beforeLoad: (visit) => {
    requireRole('support', 'admin')(visit);
  },
  loader: () => loadTexts('crm'),
  component: lazyRouteComponent(() => import('./CannedView'), 'CannedView'),
});
