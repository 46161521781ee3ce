import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { rootRoute } from './root';

/** `/lessons/{id}`: the people of the lesson. */
export const lessonRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/lessons/$id',
  beforeLoad: ({ context, location }) => {
    if (!context.account) throw redirect({ to: '/login', search: { next: location.href } });
  },
  loader: () => loadTexts('calendar'),
  component: lazyRouteComponent(() => import('./LessonView'), 'LessonView'),
});
