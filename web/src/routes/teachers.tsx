import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { teachersQuery } from '~/features/scheduling/queries';
import { parseSearch } from '~/features/scheduling/search';
import { zoneOf } from '~/ui/zone';
import { rootRoute } from './root';

/** `/teachers`: everyone. */
export const teachersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/teachers',
  validateSearch: parseSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { cache, account }, deps }) => {
    void cache.prefetchInfiniteQuery(teachersQuery(deps, zoneOf(account?.time_zone ?? null)));
  },
  component: lazyRouteComponent(() => import('./TeachersView'), 'TeachersView'),
});
