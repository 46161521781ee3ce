import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { rootRoute } from './root';

/** `/recover`: all who forgot the password. */
export const recoverRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/recover',
  loader: () => loadTexts('links'),
  component: lazyRouteComponent(() => import('./RecoverView'), 'RecoverView'),
});
