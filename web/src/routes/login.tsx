import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { parseNext } from './next';
import { rootRoute } from './root';

/** `/login`: strangers only. */
export const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: parseNext,
  beforeLoad: ({ context, search }) => {
    if (context.account) throw redirect({ href: search.next ?? '/' });
  },
  component: lazyRouteComponent(() => import('./LoginView'), 'LoginView'),
});
