import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useCommand } from '~/api/command';
import type { components } from '~/api/schema';
import type { Slot } from '../queries';

type OpenSlot = components['schemas']['OpenSlotRequest'];
type ChangeSlot = components['schemas']['ChangeSlotRequest'];
export type SeriesRequest = components['schemas']['DefineSeriesRequest'];

const CALENDAR = [keys.slots, keys.lessons, keys.teachers] as const;

export function useOpenSlot() {
  return useCommand(
    (body: OpenSlot, headers) => read(api.POST('/api/v1/slots', { body, headers })),
    CALENDAR,
  );
}

/** Changes a slot that is still as it was shown: another version is refused. */
export function useChangeSlot() {
  return useCommand(
    ({ slot, change }: { slot: Slot; change: ChangeSlot }) =>
      read(
        api.PATCH('/api/v1/slots/{id}', {
          params: { path: { id: slot.id }, header: { 'If-Match': `"v${slot.version}"` } },
          body: change,
        }),
      ),
    CALENDAR,
  );
}

export function useWithdrawSlot() {
  return useCommand(
    (id: string) => read(api.DELETE('/api/v1/slots/{id}', { params: { path: { id } } })),
    CALENDAR,
  );
}

type Move = { id: string; startsAt: string } | { id: string; slotId: string };

/** Proposes another time, or moves a student's booking to a free slot at once. */
export function useMoveLesson() {
  return useCommand(
    (move: Move, headers) =>
      read(
        api.POST('/api/v1/lessons/{id}/reschedule', {
          params: { path: { id: move.id } },
          body: 'slotId' in move ? { slot_id: move.slotId } : { starts_at: move.startsAt },
          headers,
        }),
      ),
    CALENDAR,
  );
}

export function usePreviewSeries() {
  return useCommand((body: SeriesRequest) => read(api.POST('/api/v1/series/preview', { body })), []);
}

export function useDefineSeries() {
  return useCommand(
    (body: SeriesRequest, headers) => read(api.POST('/api/v1/series', { body, headers })),
    CALENDAR,
  );
}

export function useEndSeries() {
  return useCommand(
    ({ id, from }: { id: string; from: string }) =>
      read(api.DELETE('/api/v1/series/{id}', { params: { path: { id }, query: { from } } })),
    CALENDAR,
  );
}

export function useRotateFeed() {
  return useCommand((_: undefined, headers) => read(api.POST('/api/v1/calendar-feed', { headers })), []);
}
