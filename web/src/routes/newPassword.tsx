import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { rootRoute } from './root';

/** `/recover/$token`: all who have the link of a mail; an invitation has the same. */
export const newPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/recover/$token',
  loader: () => loadTexts('links'),
  component: lazyRouteComponent(() => import('./NewPasswordView'), 'NewPasswordView'),
});
