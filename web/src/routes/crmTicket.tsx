import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { instant, present, text } from './search';

/** `/crm/tickets/{id}`: support and admins. */
export const crmTicketRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/crm/tickets/$id',
  validateSearch: (raw: Record<string, unknown>) =>
    present({
      as_of: instant(raw, 'as_of'),
      status: text(raw, 'status'),
      priority: text(raw, 'priority'),
      assignee: text(raw, 'assignee'),
      sla: text(raw, 'sla'),
      q: text(raw, 'q', 100),
      sort: text(raw, 'sort'),
    }),
  beforeLoad: (visit) => {
    requireRole('support', 'admin')(visit);
  },
  loader: () => loadTexts('crm', 'support'),
  component: lazyRouteComponent(() => import('./CrmTicketView'), 'CrmTicketView'),
});
