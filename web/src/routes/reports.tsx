import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { instant, present } from './search';

/** `/crm/analytics`: analysts and admins. */
export const reportsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/crm/analytics',
  validateSearch: (raw: Record<string, unknown>) => present({ as_of: instant(raw, 'as_of') }),
  beforeLoad: (visit) => {
    requireRole('analyst', 'admin')(visit);
  },
  loader: () => loadTexts('analytics'),
  component: lazyRouteComponent(() => import('./ReportsView'), 'ReportsView'),
});
