import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext } from '@tanstack/react-router';
import { accountQuery } from '~/features/accounts/queries';
import { dictionariesQuery } from '~/ui/dictionaries';
import { Frame } from '~/ui/frame/Frame';
import { NotFound } from '~/ui/NotFound';

/** The frame of all pages. Who is here is known before the first page is drawn. */
export const rootRoute = createRootRouteWithContext<{ cache: QueryClient }>()({
  beforeLoad: async ({ context }) => {
    void context.cache.prefetchQuery(dictionariesQuery);
    const account = await context.cache.ensureQueryData(accountQuery).catch(() => null);
    return { account };
  },
  component: Frame,
  notFoundComponent: NotFound,
});
