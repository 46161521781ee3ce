import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';

/** `/admin/system`: admins. */
export const adminSystemRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/system',
  beforeLoad: (visit) => {
    requireRole('admin')(visit);
  },
  loader: () => loadTexts('admin'),
  component: lazyRouteComponent(() => import('./AdminSystemView'), 'AdminSystemView'),
});
