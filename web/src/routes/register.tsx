import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { parseNext } from './next';
import { rootRoute } from './root';

/** `/register`: strangers only. */
export const registerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/register',
  validateSearch: parseNext,
  beforeLoad: ({ context, search }) => {
    if (context.account) throw redirect({ href: search.next ?? '/' });
  },
  component: lazyRouteComponent(() => import('./RegisterView'), 'RegisterView'),
});
