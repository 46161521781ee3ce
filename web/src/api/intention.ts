import { useRef } from 'react';
import { problemFromFailure } from './problem';

/**
 * The `Idempotency-Key` of one intention. It stays the same while the same is asked for and no answer has come; a
 * changed request, an answer or a refusal begins the next intention.
 */
export function useIntention() {
  const current = useRef<{ key: string; asked: string } | null>(null);
  return {
    headers: (request: unknown) => {
      const asked = JSON.stringify(request);
      if (current.current?.asked !== asked) current.current = { key: crypto.randomUUID(), asked };
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
