import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components, paths } from '~/api/schema';
import type { Code } from '~/api/shapes';

export type ListedAccount = components['schemas']['ListedAccount'];
export type Integration = components['schemas']['CrmIntegration'];
export type Attempt = components['schemas']['CrmCall'];
export type Delivery = components['schemas']['CrmDelivery'];
export type Listener = components['schemas']['HandlerStatus'];
export type ConnectionTest = components['schemas']['ConnectionTest'];
export type UnsupportedOperation = components['schemas']['UnsupportedCrmOperation'];

export const DELIVERY_STATUSES = [
  'pending',
  'retrying',
  'abandoned',
  'delivered',
] as const satisfies Code<'CrmDeliveryStatus'>[];
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const WHILE_SEEN_MS = 15_000;

export const integrationQuery = queryOptions({
  queryKey: [...keys.admin, 'integration'],
  queryFn: () => read(api.GET('/api/v1/admin/crm/integration')),
  staleTime: WHILE_SEEN_MS,
});

export const attemptsQuery = infiniteQueryOptions({
  queryKey: [...keys.admin, 'attempts'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    read(api.GET('/api/v1/admin/crm/attempts', { params: { query: { limit: 25, cursor: pageParam } } })),
  getNextPageParam: (page) => page.page.next_cursor ?? undefined,
});

export const deliveriesQuery = (status: DeliveryStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: [...keys.admin, 'deliveries', status],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/admin/crm/deliveries', {
          params: { query: { status, limit: 25, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

export const projectionsQuery = queryOptions({
  queryKey: [...keys.admin, 'projections'],
  queryFn: () => read(api.GET('/api/v1/admin/projections')),
});

export const systemQuery = queryOptions({
  queryKey: [...keys.admin, 'system'],
  queryFn: () => read(api.GET('/api/v1/admin/system')),
});

export interface AccountFilter {
  role?: string;
  status?: string;
  q?: string;
}

type AccountsQuery = NonNullable<paths['/api/v1/admin/accounts']['get']['parameters']['query']>;

export const accountsQuery = (filter: AccountFilter) =>
  infiniteQueryOptions({
    queryKey: [...keys.admin, 'accounts', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/admin/accounts', {
          params: { query: { ...(filter as AccountsQuery), limit: 50, cursor: pageParam, include: 'total' } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });
