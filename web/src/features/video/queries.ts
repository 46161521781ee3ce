import { api, read } from '~/api/client';
import { ProblemError } from '~/api/problem';

/** A token that lets the caller into the lesson room once. */
export async function fetchTicket(lesson: string) {
  const key = { 'Idempotency-Key': crypto.randomUUID() };
  return read(
    api.POST('/api/v1/lessons/{id}/video-token', { params: { path: { id: lesson } }, headers: key }),
  );
}

/** The module joins again after a loss until it is told to stop. A refusal stops it. */
export async function fetchTicketOrStop(lesson: string) {
  try {
    return await fetchTicket(lesson);
  } catch (error) {
    if (error instanceof ProblemError && !error.isPassing) Object.assign(error, { action: 'stop' });
    throw error;
  }
}
