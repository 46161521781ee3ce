import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole, STAFF } from './guards';
import { rootRoute } from './root';
import { instant, present, text } from './search';

/** `/crm/users`: support, analysts and admins. */
export const crmUsersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/crm/users',
  validateSearch: (raw: Record<string, unknown>) =>
    present({
      as_of: instant(raw, 'as_of'),
      type: text(raw, 'type'),
      status: text(raw, 'status'),
      q: text(raw, 'q', 100),
      sort: text(raw, 'sort'),
    }),
  beforeLoad: (visit) => {
    requireRole(...STAFF)(visit);
  },
  loader: () => loadTexts('crm', 'support'),
  component: lazyRouteComponent(() => import('./CrmUsersView'), 'CrmUsersView'),
});
