import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { homeQuery } from '~/features/scheduling/home/queries';
import { parseSearch } from '~/features/scheduling/search';
import { loadTexts } from '~/i18n';
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
  loader: async ({ context: { account, cache } }) => {
    if (!account || !hasLessons(account)) return;
    void cache.prefetchQuery(homeQuery);
    await loadTexts('home', 'messaging');
  },
  component: lazyRouteComponent(() => import('./StartOrHome'), 'StartOrHome'),
});
