import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from './root';

const ID = /^[0-9a-f-]{36}$/i;

/** `/teachers/{id}`: everyone. `slot` is the chosen time. */
export const teacherRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/teachers/$id',
  validateSearch: (raw: Record<string, unknown>): { slot?: string } =>
    typeof raw.slot === 'string' && ID.test(raw.slot) ? { slot: raw.slot } : {},
  component: lazyRouteComponent(() => import('./TeacherView'), 'TeacherView'),
});
