import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireAccount } from './guards';
import { rootRoute } from './root';

/** `/settings/security`: everyone with an account. */
export const securityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/security',
  beforeLoad: (visit) => {
    requireAccount(visit);
  },
  loader: () => loadTexts('settings'),
  component: lazyRouteComponent(() => import('./SecurityView'), 'SecurityView'),
});
