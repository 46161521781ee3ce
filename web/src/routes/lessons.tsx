import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { lessonsOfTab } from '~/features/scheduling/queries';
import { hasLessons } from '~/ui/frame/place';
import { rootRoute } from './root';

const TABS = ['scheduled', 'completed', 'cancelled'] as const;

/** `/lessons`: students and teachers. */
export const lessonsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/lessons',
  validateSearch: (raw: Record<string, unknown>): { tab?: (typeof TABS)[number] } => {
    const tab = TABS.find((name) => name === raw.tab);
    return tab ? { tab } : {};
  },
  beforeLoad: ({ context, location }) => {
    if (!context.account) throw redirect({ to: '/login', search: { next: location.href } });
    if (!hasLessons(context.account)) throw redirect({ to: '/' });
  },
  loaderDeps: ({ search }) => search,
  loader: ({ context: { cache }, deps: { tab = 'scheduled' } }) => {
    void cache.prefetchInfiniteQuery(lessonsOfTab(tab));
  },
  component: lazyRouteComponent(() => import('./LessonsView'), 'LessonsView'),
});
