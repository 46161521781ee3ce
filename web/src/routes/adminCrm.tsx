import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { choice, present } from './search';

/** `/admin/crm`: admins. */
export const adminCrmRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/crm',
  validateSearch: (raw: Record<string, unknown>) =>
    present({ status: choice(raw, 'status', ['pending', 'failed', 'abandoned', 'delivered'] as const) }),
  beforeLoad: (visit) => {
    requireRole('admin')(visit);
  },
  loader: () => loadTexts('admin', 'crm'),
  component: lazyRouteComponent(() => import('./AdminCrmView'), 'AdminCrmView'),
});
