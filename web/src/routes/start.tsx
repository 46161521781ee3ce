import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch } from '~/features/scheduling/search';
import { rootRoute } from './root';

/** `/`: the start page for strangers, one's home for people of the school. */
export const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: parseSearch,
  component: lazyRouteComponent(() => import('./StartOrHome'), 'StartOrHome'),
});
