import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { parseSearch } from '~/features/scheduling/search';
import { hasLessons } from '~/ui/frame/place';
import { STAFF } from './guards';
import { rootRoute } from './root';

/** `/`: the start page for strangers, one's home for people of the school. */
export const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: parseSearch,
  beforeLoad: ({ context: { account } }) => {
    if (!account || hasLessons(account)) return;
    if (account.roles.some((role) => STAFF.includes(role))) throw redirect({ to: '/crm' });
    if (account.roles.includes('auditor')) throw redirect({ to: '/audit' });
  },
  component: lazyRouteComponent(() => import('./StartOrHome'), 'StartOrHome'),
});
