import { useRef } from 'react';

/**
 * Returns the `Idempotency-Key` of one intention. It stays the same over all tries of it; `renew` begins the next
 * one, after success or when the person changes what they ask for.
 */
export function useIntention() {
  const key = useRef<string | null>(null);
  return {
    headers: () => {
      key.current ??= crypto.randomUUID();
      return { 'Idempotency-Key': key.current };
    },
    renew: () => {
      key.current = null;
    },
  };
}
