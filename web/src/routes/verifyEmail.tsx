import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { rootRoute } from './root';

/** `/verify-email/$token`: all who have the link of a mail. */
export const verifyEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/verify-email/$token',
  loader: () => loadTexts('links'),
  component: lazyRouteComponent(() => import('./VerifyEmailView'), 'VerifyEmailView'),
});
