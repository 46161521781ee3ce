import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { requireAccount } from './guards';
import { rootRoute } from './root';

/** `/more`: everyone with an account; the phone leads here. */
export const moreRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/more',
  beforeLoad: (visit) => {
    requireAccount(visit);
  },
  component: lazyRouteComponent(() => import('./MoreView'), 'MoreView'),
});
