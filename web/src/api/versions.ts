import { ProblemError } from './problem';

const tags = new Map<string, string>();

/** Remembers the version of a resource that an answer holds, by its id. */
export function noteTag(data: unknown, headers: Headers): void {
  const tag = headers.get('etag');
  const id = typeof data === 'object' && data !== null ? (data as { id?: unknown }).id : undefined;
  if (tag && typeof id === 'string') tags.set(id, tag);
}

/** The version of a resource that was loaded last, as `If-Match` names it. */
export function tagOf(id: string): string | undefined {
  return tags.get(id);
}

/** The header of a change that is about one version; none if no version is known. */
export function ifMatch(tag: string | undefined): { 'If-Match'?: string } {
  return tag === undefined ? {} : { 'If-Match': tag };
}

/** True if others have changed meanwhile what the change was about. */
export function isStale(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'stale_version';
}
