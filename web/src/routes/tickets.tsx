import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireAccount } from './guards';
import { rootRoute } from './root';

/** `/tickets`: everyone with an account. */
export const ticketsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tickets',
  beforeLoad: (visit) => {
    requireAccount(visit);
  },
  loader: () => loadTexts('support'),
  component: lazyRouteComponent(() => import('./TicketsView'), 'TicketsView'),
});
