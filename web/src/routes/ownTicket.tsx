import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireAccount } from './guards';
import { rootRoute } from './root';

/** `/tickets/{id}`: the requester. */
export const ownTicketRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tickets/$id',
  beforeLoad: (visit) => {
    requireAccount(visit);
  },
  loader: () => loadTexts('support'),
  component: lazyRouteComponent(() => import('./OwnTicketView'), 'OwnTicketView'),
});
