import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireAccount } from './guards';
import { rootRoute } from './root';

/** `/settings/notifications`: everyone with an account. */
export const notificationSettingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/notifications',
  beforeLoad: (visit) => {
    requireAccount(visit);
  },
  loader: () => loadTexts('notifications', 'settings'),
  component: lazyRouteComponent(() => import('./NotificationSettingsView'), 'NotificationSettingsView'),
});
