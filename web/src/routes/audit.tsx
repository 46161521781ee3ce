import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireRole } from './guards';
import { rootRoute } from './root';
import { number, present, text } from './search';

/** `/audit`: auditors. */
export const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/audit',
  validateSearch: (raw: Record<string, unknown>) =>
    present({
      stream_type: text(raw, 'stream_type'),
      stream_id: text(raw, 'stream_id'),
      type: text(raw, 'type'),
      actor: text(raw, 'actor'),
      after: number(raw, 'after'),
    }),
  beforeLoad: (visit) => {
    requireRole('auditor')(visit);
  },
  loader: () => loadTexts('admin'),
  component: lazyRouteComponent(() => import('./AuditView'), 'AuditView'),
});
