import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { rootRoute } from './root';

/** `/ticket-ratings/$token`: everyone who has the link of a mail. */
export const rateRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ticket-ratings/$token',
  loader: () => loadTexts('support'),
  component: lazyRouteComponent(() => import('./RateView'), 'RateView'),
});
