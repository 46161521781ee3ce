import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { COMPARISONS, GROUPINGS, INTERVALS } from '~/features/analytics/queries';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { choice, day, instant, present } from './search';

/** `/crm/analytics/{report}`: analysts and admins. */
export const reportRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/crm/analytics/$report',
  validateSearch: (raw: Record<string, unknown>) =>
    present({
      as_of: instant(raw, 'as_of'),
      from: day(raw, 'from'),
      to: day(raw, 'to'),
      interval: choice(raw, 'interval', INTERVALS),
      compare: choice(raw, 'compare', COMPARISONS),
      by: choice(raw, 'by', GROUPINGS),
      date_of: choice(raw, 'date_of', ['lesson'] as const),
    }),
  beforeLoad: (visit) => {
    requireRole('analyst', 'admin')(visit);
  },
  loader: () => loadTexts('analytics', 'crm'),
  component: lazyRouteComponent(() => import('./ReportView'), 'ReportView'),
});
