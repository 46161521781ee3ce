import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useCommand } from '~/api/command';
import type { components } from '~/api/schema';
import type { Money } from '~/api/shapes';

export type NewRequest = components['schemas']['CreateLessonRequest'];

const REQUESTS = [keys.requests, keys.lessons] as const;
const WAITLIST = [keys.waitlist, keys.lessons, keys.teachers] as const;
const at = (id: string) => ({ params: { path: { id } } });

export function useRequestLesson() {
  return useCommand(
    (body: NewRequest, headers) => read(api.POST('/api/v1/lesson-requests', { body, headers })),
    REQUESTS,
  );
}

export function useCancelRequest() {
  return useCommand(
    (id: string, headers) => read(api.POST('/api/v1/lesson-requests/{id}/cancel', { ...at(id), headers })),
    REQUESTS,
  );
}

export function useAcceptRequest() {
  return useCommand(
    ({ id, price }: { id: string; price: Money | null }, headers) =>
      read(api.POST('/api/v1/lesson-requests/{id}/accept', { ...at(id), body: { price }, headers })),
    REQUESTS,
  );
}

export function useDeclineRequest() {
  return useCommand(
    (id: string, headers) => read(api.POST('/api/v1/lesson-requests/{id}/decline', { ...at(id), headers })),
    REQUESTS,
  );
}

export function useJoinWaitlist() {
  return useCommand(
    (slotId: string, headers) => read(api.POST('/api/v1/slots/{id}/waitlist', { ...at(slotId), headers })),
    WAITLIST,
  );
}

export function useLeaveWaitlist() {
  return useCommand(
    (slotId: string) => read(api.DELETE('/api/v1/slots/{id}/waitlist', at(slotId))),
    WAITLIST,
  );
}

export function useAcceptSeat() {
  return useCommand(
    (id: string, headers) => read(api.POST('/api/v1/waitlist/{id}/accept', { ...at(id), headers })),
    WAITLIST,
  );
}

export function useDeclineSeat() {
  return useCommand(
    (id: string, headers) => read(api.POST('/api/v1/waitlist/{id}/decline', { ...at(id), headers })),
    WAITLIST,
  );
}
