import { useMutation } from '@tanstack/react-query';
import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useIntention } from '~/api/intention';
import { type Lesson, lessonQuery } from './queries';

/** The answer goes into the cache; lists are fetched again, not older than this change. */
function keep(lesson: Lesson) {
  cache.setQueryData(lessonQuery(lesson.id).queryKey, lesson);
  void cache.invalidateQueries({ queryKey: [...keys.lessons, 'list'] });
  void cache.invalidateQueries({ queryKey: keys.teachers });
}

export function useBook() {
  const intention = useIntention();
  return useMutation({
    mutationFn: ({ slotId, note }: { slotId: string; note: string }) =>
      read(
        api.POST('/api/v1/slots/{id}/bookings', {
          params: { path: { id: slotId } },
          body: note.trim() === '' ? {} : { note: note.trim() },
          headers: intention.headers([slotId, note]),
        }),
      ),
    onSuccess: (lesson) => {
      intention.answered();
      keep(lesson);
    },
    onError: (error) => {
      intention.failed(error);
      void cache.invalidateQueries({ queryKey: keys.teachers });
    },
  });
}

export function useCancelLesson(id: string) {
  const intention = useIntention();
  return useMutation({
    mutationFn: (reason: string) =>
      read(
        api.POST('/api/v1/lessons/{id}/cancel', {
          params: { path: { id } },
          body: reason.trim() === '' ? {} : { reason: reason.trim() },
          headers: intention.headers(reason),
        }),
      ),
    onSuccess: (lesson) => {
      intention.answered();
      keep(lesson);
    },
    onError: (error) => {
      intention.failed(error);
      void cache.invalidateQueries({ queryKey: keys.lessons });
    },
  });
}

/** Accepts or declines the other side's proposal of another time. */
export function useAnswerProposal(id: string) {
  const intention = useIntention();
  return useMutation({
    mutationFn: (answer: 'accept' | 'decline') =>
      read(
        api.POST(`/api/v1/lessons/{id}/reschedule/${answer}`, {
          params: { path: { id } },
          headers: intention.headers(answer),
        }),
      ),
    onSuccess: (lesson) => {
      intention.answered();
      keep(lesson);
    },
    onError: (error) => {
      intention.failed(error);
      void cache.invalidateQueries({ queryKey: keys.lessons });
    },
  });
}

export function useReview(id: string) {
  const intention = useIntention();
  return useMutation({
    mutationFn: ({ rating, text }: { rating: number; text: string }) =>
      read(
        api.POST('/api/v1/lessons/{id}/review', {
          params: { path: { id } },
          body: text.trim() === '' ? { rating } : { rating, text: text.trim() },
          headers: intention.headers([rating, text]),
        }),
      ),
    onSuccess: (lesson) => {
      intention.answered();
      keep(lesson);
    },
    onError: intention.failed,
  });
}
