import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useCommand } from '~/api/command';
import { type Preference, preferencesQuery, type QuietHours, quietHoursQuery } from './queries';

const LIST = [keys.notifications] as const;

export function useMarkRead() {
  return useCommand(
    (which: { ids: string[] } | { up_to: string }, headers) =>
      read(api.POST('/api/v1/notifications/read', { body: which, headers })),
    LIST,
  );
}

export function useDismiss() {
  return useCommand(
    (id: string) => read(api.DELETE('/api/v1/notifications/{id}', { params: { path: { id } } })),
    LIST,
  );
}

/** Switches one kind on one channel; all others stay as they are. */
export function useSetPreference() {
  return useCommand(
    (preference: Preference) => read(api.PUT('/api/v1/notification-preferences', { body: [preference] })),
    [],
    (answer) => void cache.setQueryData(preferencesQuery.queryKey, answer),
  );
}

export function useSetQuietHours() {
  return useCommand(
    (hours: QuietHours | null) =>
      read(api.PUT('/api/v1/notification-preferences/quiet-hours', { body: hours })),
    [],
    (_, hours) => void cache.setQueryData(quietHoursQuery.queryKey, hours),
  );
}
