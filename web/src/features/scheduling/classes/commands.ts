import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useCommand } from '~/api/command';
import type { components } from '~/api/schema';

export type NewClass = components['schemas']['CreateClassRequest'];

const CLASSES = [keys.classes, keys.lessons] as const;

export function useCreateClass() {
  return useCommand(
    (body: NewClass, headers) => read(api.POST('/api/v1/classes', { body, headers })),
    CLASSES,
  );
}

export function useAddStudent() {
  return useCommand(
    ({ id, student }: { id: string; student: string }, headers) =>
      read(
        api.POST('/api/v1/classes/{id}/students', {
          params: { path: { id } },
          body: { student_id: student },
          headers,
        }),
      ),
    CLASSES,
  );
}

export function useRemoveStudent() {
  return useCommand(
    ({ id, student }: { id: string; student: string }) =>
      read(
        api.DELETE('/api/v1/classes/{id}/students/{student_id}', {
          params: { path: { id, student_id: student } },
        }),
      ),
    CLASSES,
  );
}

export function useCloseClass() {
  return useCommand(
    (id: string) => read(api.DELETE('/api/v1/classes/{id}', { params: { path: { id } } })),
    CLASSES,
  );
}
