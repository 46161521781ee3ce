import i18next from 'i18next';
import createClient, { type Middleware } from 'openapi-fetch';
import { lastPosition, rememberPosition } from './position';
import { problemFromAnswer, problemFromFailure } from './problem';
import type { paths } from './schema';
import { noteTag } from './versions';

const ANSWER_WITHIN_MS = 10_000;

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', i18next.language);
    const position = lastPosition();
    if (request.method === 'GET' && position !== null) {
      request.headers.set('Min-Log-Position', String(position));
    }
  },
  onResponse({ response }) {
    rememberPosition(response.headers);
  },
};

async function fetchInTime(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  return fetch(request, { signal, credentials: 'same-origin' });
}

export const api = createClient<paths>({ baseUrl: '/', fetch: fetchInTime });
api.use(headers);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Returns the JSON body of the answer (never its form as text, as CSV), or throws the problem that the server gave. */
export async function read<T>(answer: Promise<Answer<T>>): Promise<Exclude<T, string>> {
  const { data, error, response } = await answer.catch((failure: unknown) => {
    throw problemFromFailure(failure);
  });
  if (!response.ok) throw problemFromAnswer(error, response);
  noteTag(data, response.headers);
  return data as Exclude<T, string>;
}
