import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireAccount } from './guards';
import { rootRoute } from './root';
import { flag, present } from './search';

/** `/notifications`: everyone with an account. */
export const notificationsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/notifications',
  validateSearch: (raw: Record<string, unknown>) => present({ unread: flag(raw, 'unread') }),
  beforeLoad: (visit) => {
    requireAccount(visit);
  },
  loader: () => loadTexts('notifications'),
  component: lazyRouteComponent(() => import('./NotificationsView'), 'NotificationsView'),
});
