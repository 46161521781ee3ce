import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { present, text } from './search';

/** `/admin/accounts`: admins. */
export const adminAccountsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/accounts',
  validateSearch: (raw: Record<string, unknown>) =>
    present({ role: text(raw, 'role'), status: text(raw, 'status'), q: text(raw, 'q', 100) }),
  beforeLoad: (visit) => {
    requireRole('admin')(visit);
  },
  loader: () => loadTexts('admin'),
  component: lazyRouteComponent(() => import('./AdminAccountsView'), 'AdminAccountsView'),
});
