import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch } from '~/features/scheduling/search';
import { rootRoute } from './root';

/** `/teachers`: everyone. */
export const teachersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/teachers',
  validateSearch: parseSearch,
  component: lazyRouteComponent(() => import('./TeachersView'), 'TeachersView'),
});
