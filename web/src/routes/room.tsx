import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireAccount } from './guards';
import { rootRoute } from './root';

/** Lesson room: for the people of the lesson. */
export const roomRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/lessons/$id/room',
  beforeLoad: (visit) => {
    requireAccount(visit);
  },
  loader: () => loadTexts('room'),
  component: lazyRouteComponent(() => import('./RoomView'), 'RoomView'),
});
