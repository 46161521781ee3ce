import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';

/** `/series`: teachers. */
export const seriesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/series',
  beforeLoad: (visit) => {
    requireRole('teacher')(visit);
  },
  loader: () => loadTexts('calendar'),
  component: lazyRouteComponent(() => import('./SeriesView'), 'SeriesView'),
});
