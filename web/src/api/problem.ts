import type { components } from './schema';

type Problem = components['schemas']['Problem'];
export type FieldError = components['schemas']['FieldError'];

/** Codes that the client makes itself: the server gave no problem. */
export const LOCAL_CODES = ['no_connection', 'no_answer', 'unreadable_answer'] as const;

/** A request that was refused or failed, with the code that the texts are found by. */
export class ProblemError extends Error {
  readonly code: string;
  readonly status: number;
  readonly traceId: string | null;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | null;

  constructor(code: string, status: number, problem?: Partial<Problem>, retryAfter?: number | null) {
    super(code);
    this.name = 'ProblemError';
    this.code = code;
    this.status = status;
    this.traceId = problem?.trace_id ?? null;
    this.fields = problem?.errors ?? [];
    this.retryAfterSeconds = retryAfter ?? null;
  }

  /** True if the same request may succeed a moment later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function problemFromAnswer(body: unknown, response: Response): ProblemError {
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  const pause = Number.isFinite(retryAfter) ? retryAfter : null;
  const problem = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : undefined;
  return typeof problem?.code === 'string'
    ? new ProblemError(problem.code, response.status, problem, pause)
    : new ProblemError('unreadable_answer', response.status, undefined, pause);
}

export function problemFromFailure(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const tooLate = error instanceof DOMException && error.name === 'TimeoutError';
  return new ProblemError(tooLate ? 'no_answer' : 'no_connection', 0);
}
