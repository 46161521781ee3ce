import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useCommand } from '~/api/command';
import type { Code } from '~/api/shapes';
import type { DeliveryStatus } from './queries';

const ADMIN = [keys.admin] as const;

export function useTestLink() {
  return useCommand((_: undefined, headers) => read(api.POST('/api/v1/admin/crm/test', { headers })), ADMIN);
}

export function useSyncAll() {
  return useCommand(
    (dryRun: boolean, headers) =>
      read(api.POST('/api/v1/admin/crm/sync', { body: { dry_run: dryRun }, headers })),
    ADMIN,
  );
}

/** The figures of a comparison, by name. */
export function figuresOf(comparison: object): [string, number][] {
  return Object.entries(comparison).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
}

export function useReconcile() {
  return useCommand(
    ({ dryRun }: { dryRun: boolean }, headers) =>
      read(
        api.POST('/api/v1/admin/crm/reconcile', { body: { dry_run: dryRun, heal: !dryRun }, headers }),
      ).then(figuresOf),
    ADMIN,
  );
}

export function useRetryDelivery() {
  return useCommand(
    (id: string, headers) =>
      read(api.POST('/api/v1/admin/crm/deliveries/{id}/retry', { params: { path: { id } }, headers })),
    ADMIN,
  );
}

export function useRetryAll() {
  return useCommand(
    (status: DeliveryStatus | undefined, headers) =>
      read(
        api.POST('/api/v1/admin/crm/deliveries/retry', {
          body: { status },
          headers,
        }),
      ),
    ADMIN,
  );
}

export function useRebuild() {
  return useCommand(
    (name: string, headers) =>
      read(api.POST('/api/v1/admin/projections/{name}/rebuild', { params: { path: { name } }, headers })),
    ADMIN,
  );
}

export function useRetryListener() {
  return useCommand(
    (name: string, headers) =>
      read(api.POST('/api/v1/admin/projections/{name}/retry', { params: { path: { name } }, headers })),
    ADMIN,
  );
}

export function useSkipEvent() {
  return useCommand(
    ({ name, position, reason }: { name: string; position: number; reason: string }, headers) =>
      read(
        api.POST('/api/v1/admin/projections/{name}/skip', {
          params: { path: { name } },
          body: { position, reason },
          headers,
        }),
      ),
    ADMIN,
  );
}

export function useChangeRole() {
  return useCommand(
    (
      { id, ...body }: { id: string; action: 'grant' | 'revoke'; role: Code<'Role'>; reason: string },
      headers,
    ) => read(api.POST('/api/v1/admin/accounts/{id}/roles', { params: { path: { id } }, body, headers })),
    ADMIN,
  );
}
