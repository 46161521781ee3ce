import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireAccount } from './guards';
import { rootRoute } from './root';

/** `/settings`: everyone with an account. */
export const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  beforeLoad: (visit) => {
    requireAccount(visit);
  },
  loader: () => loadTexts('settings'),
  component: lazyRouteComponent(() => import('./SettingsView'), 'SettingsView'),
});
