import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { choice, day, present } from './search';

/** `/schedule`: students and teachers. */
export const scheduleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/schedule',
  validateSearch: (raw: Record<string, unknown>) =>
    present({ day: day(raw, 'day'), view: choice(raw, 'view', ['week', 'month', 'agenda']) }),
  beforeLoad: (visit) => {
    requireRole('student', 'teacher')(visit);
  },
  loader: () => loadTexts('calendar'),
  component: lazyRouteComponent(() => import('./ScheduleView'), 'ScheduleView'),
});
