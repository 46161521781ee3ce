import { useRef } from 'react';
import { problemFromFailure } from './problem';

export interface Intention {
  key: string;
  asked: string;
}

/** The intention to make a request: the current one if it asks for the same, else a new one. */
export function intentionFor(request: unknown, current: Intention | null): Intention {
  const asked = JSON.stringify(request ?? null);
  return current?.asked === asked ? current : { key: crypto.randomUUID(), asked };
}

/**
 * The `Idempotency-Key` of one intention. It stays the same while the same is asked for and no answer has come; a
 * changed request, an answer or a refusal begins the next intention.
 */
export function useIntention() {
  const current = useRef<Intention | null>(null);
  return {
    headers: (request: unknown) => {
      current.current = intentionFor(request, current.current);
      return { 'Idempotency-Key': current.current.key };
    },
    answered: () => {
      current.current = null;
    },
    /** After a lost answer the same request goes out under the same key. */
    failed: (error: unknown) => {
      if (!problemFromFailure(error).isPassing) current.current = null;
    },
  };
}
