import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useCommand } from '~/api/command';
import { ifMatch } from '~/api/versions';
import type { Account } from '../queries';

const keep = (account: Account) => void cache.setQueryData(keys.account, account);
const SESSIONS = [[...keys.settings, 'sessions']] as const;

/** Changes fields of the profile; those that are left out stay. With a version, any other one is refused. */
export function useChangeProfile() {
  return useCommand(
    ({ change, tag }: { change: Record<string, unknown>; tag?: string | undefined }) =>
      read(api.PATCH('/api/v1/me/profile', { body: change as Record<string, never>, headers: ifMatch(tag) })),
    [],
    keep,
  );
}

export function useSetAvatar() {
  return useCommand(
    (file: File) =>
      read(
        api.PUT('/api/v1/me/avatar', {
          body: file as unknown as string,
          bodySerializer: (body: unknown) => body as BodyInit,
          headers: { 'Content-Type': file.type },
        }),
      ),
    [keys.account],
  );
}

export function useChangePassword() {
  return useCommand(
    (body: { current_password: string; new_password: string }, headers) =>
      read(api.POST('/api/v1/me/password', { body, headers })),
    SESSIONS,
    keep,
  );
}

export function useChangeEmail() {
  return useCommand(
    (body: { email: string; current_password: string }, headers) =>
      read(api.POST('/api/v1/me/email', { body, headers })),
    [],
    keep,
  );
}

export function useChangePhone() {
  return useCommand(
    (phone: string | null, headers) => read(api.POST('/api/v1/me/phone', { body: { phone }, headers })),
    [],
    keep,
  );
}

export function useEndSession() {
  return useCommand(
    (id: string) => read(api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } })),
    SESSIONS,
  );
}

export function useErase() {
  return useCommand((password: string) => read(api.DELETE('/api/v1/me', { body: { password } })), []);
}
