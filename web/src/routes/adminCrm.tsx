import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { DELIVERY_STATUSES } from '~/features/admin/queries';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { choice, present } from './search';

/** `/admin/crm`: admins. */
export const adminCrmRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/crm',
  validateSearch: (raw: Record<string, unknown>) =>
    present({ status: choice(raw, 'status', DELIVERY_STATUSES) }),
  beforeLoad: (visit) => {
    requireRole('admin')(visit);
  },
  loader: () => loadTexts('admin', 'crm'),
  component: lazyRouteComponent(() => import('./AdminCrmView'), 'AdminCrmView'),
});
