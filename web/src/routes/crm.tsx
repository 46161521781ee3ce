import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { dashboardQuery } from '~/features/crm/queries';
import { loadTexts } from '~/i18n';
import { requireRole, STAFF } from './guards';
import { rootRoute } from './root';
import { instant, present } from './search';

/** `/crm`: support, analysts and admins. */
export const crmRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/crm',
  validateSearch: (raw: Record<string, unknown>) => present({ as_of: instant(raw, 'as_of') }),
  beforeLoad: (visit) => {
    requireRole(...STAFF)(visit);
  },
  loaderDeps: ({ search: { as_of } }) => ({ as_of }),
  loader: async ({ context: { cache }, deps }) => {
    void cache.prefetchQuery(dashboardQuery(deps.as_of));
    await loadTexts('crm', 'support');
  },
  component: lazyRouteComponent(() => import('./CrmView'), 'CrmView'),
});
