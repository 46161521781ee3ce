import { useMutation } from '@tanstack/react-query';
import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useIntention } from '~/api/intention';
import { type Lesson, lessonQuery } from './queries';

/** Puts the answer into the cache; lists are fetched again, not older than this change. */
function keep(lesson: Lesson) {
  cache.setQueryData(lessonQuery(lesson.id).queryKey, lesson);
  void cache.invalidateQueries({ queryKey: [...keys.lessons, 'list'] });
  void cache.invalidateQueries({ queryKey: keys.teachers });
}

type Headers = ReturnType<ReturnType<typeof useIntention>['headers']>;

/** Sends a change of a lesson under one key per intention; a failure makes these queries stale. */
function useLessonCommand<Input, Answer extends Lesson>(
  send: (input: Input, headers: Headers) => Promise<Answer>,
  staleAfterFailure?: readonly string[],
) {
  const intention = useIntention();
  return useMutation({
    mutationFn: (input: Input) => send(input, intention.headers(input)),
    onSuccess: (lesson) => {
      intention.answered();
      keep(lesson);
    },
    onError: (error) => {
      intention.failed(error);
      if (staleAfterFailure) void cache.invalidateQueries({ queryKey: staleAfterFailure });
    },
  });
}

/** A text that may be left out. */
const optional = <Name extends string>(name: Name, text: string) =>
  (text.trim() === '' ? {} : { [name]: text.trim() }) as { [key in Name]?: string };

interface Booking {
  slotId: string;
  note: string;
  holdId?: string;
}

export function useBook() {
  return useLessonCommand(
    ({ slotId, note, holdId }: Booking, headers) =>
      read(
        api.POST('/api/v1/slots/{id}/bookings', {
          params: { path: { id: slotId } },
          body: { ...optional('note', note), hold_id: holdId },
          headers,
        }),
      ),
    keys.teachers,
  );
}

export function useCancelLesson(id: string) {
  return useLessonCommand(
    (reason: string, headers) =>
      read(
        api.POST('/api/v1/lessons/{id}/cancel', {
          params: { path: { id } },
          body: optional('reason', reason),
          headers,
        }),
      ),
    keys.lessons,
  );
}

/** Accepts or declines the other side's proposal of another time. */
export function useAnswerProposal(id: string) {
  return useLessonCommand(
    (answer: 'accept' | 'decline', headers) =>
      read(api.POST(`/api/v1/lessons/{id}/reschedule/${answer}`, { params: { path: { id } }, headers })),
    keys.lessons,
  );
}

export function useReview(id: string) {
  return useLessonCommand(({ rating, text }: { rating: number; text: string }, headers) =>
    read(
      api.POST('/api/v1/lessons/{id}/review', {
        params: { path: { id } },
        body: { rating, ...optional('text', text) },
        headers,
      }),
    ),
  );
}

export const holdSeat = (slotId: string) =>
  read(
    api.POST('/api/v1/slots/{id}/holds', {
      params: { path: { id: slotId } },
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    }),
  );

/** Gives a held seat back; also while the page is being closed. */
export const releaseSeat = (id: string) =>
  read(api.DELETE('/api/v1/holds/{id}', { params: { path: { id } }, keepalive: true })).catch(() => {});

/** A teacher starts or completes a lesson. */
export function useConduct(id: string) {
  return useLessonCommand(
    (step: 'start' | 'complete', headers) =>
      read(api.POST(`/api/v1/lessons/{id}/${step}`, { params: { path: { id } }, headers })),
    keys.lessons,
  );
}

/** Records that the student of a booking did not come; without a booking, that the teacher did not. */
export function useNoShow(id: string) {
  return useLessonCommand(
    (bookingId: string | null, headers) =>
      read(
        api.POST('/api/v1/lessons/{id}/no-show', {
          params: { path: { id } },
          body: { booking_id: bookingId },
          headers,
        }),
      ),
    keys.lessons,
  );
}

export function useReport(id: string) {
  return useLessonCommand((text: string, headers) =>
    read(api.POST('/api/v1/lessons/{id}/report', { params: { path: { id } }, body: { text }, headers })),
  );
}
