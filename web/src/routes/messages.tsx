import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadTexts } from '~/i18n';
import { requireAccount } from './guards';
import { rootRoute } from './root';
import { flag, present, text } from './search';

/** `/messages`: everyone with an account. */
export const messagesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/messages',
  validateSearch: (raw: Record<string, unknown>) =>
    present({ q: text(raw, 'q', 100), archived: flag(raw, 'archived') }),
  beforeLoad: (visit) => {
    requireAccount(visit);
  },
  loader: () => loadTexts('messaging'),
  component: lazyRouteComponent(() => import('./MessagesView'), 'MessagesView'),
});
