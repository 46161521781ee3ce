import { queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type Session = components['schemas']['Session'];

export const sessionsQuery = queryOptions({
  queryKey: [...keys.settings, 'sessions'],
  queryFn: async () => (await read(api.GET('/api/v1/sessions'))).data,
});

/** Everything that the school has about the person. */
export const fetchExport = () => read(api.GET('/api/v1/me/export'));
