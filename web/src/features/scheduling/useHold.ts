import { useEffect, useRef, useState } from 'react';
import { cache, keys } from '~/api/cache';
import { ProblemError } from '~/api/problem';
import { holdSeat, releaseSeat } from './commands';

/** A glance at a time holds nothing; staying with it does. */
const GLANCE_MS = 1_000;

interface Hold {
  id: string;
  expiresAt: number;
}

/** Holds a seat of the slot while its booking is open, and gives it back afterwards. */
export function useHold(slotId: string, wanted: boolean) {
  const [hold, setHold] = useState<Hold | null>(null);
  const [error, setError] = useState<unknown>(null);
  const used = useRef(false);

  useEffect(() => {
    if (!wanted) return;
    let open = true;
    let held: Hold | null = null;
    const timer = setTimeout(async () => {
      try {
        const { id, expires_at } = await holdSeat(slotId);
        held = { id, expiresAt: Date.parse(expires_at) };
        if (open) setHold(held);
        else release();
      } catch (problem) {
        // A held seat is a courtesy: only a refusal that the booking would meet as well is worth a word.
        const refused =
          problem instanceof ProblemError && problem.status === 409 && problem.code !== 'already_held';
        if (!open || !refused) return;
        setError(problem);
        void cache.invalidateQueries({ queryKey: keys.teachers });
      }
    }, GLANCE_MS);
    const release = () => {
      if (held && !used.current) void releaseSeat(held.id);
      held = null;
    };
    window.addEventListener('pagehide', release);
    return () => {
      open = false;
      clearTimeout(timer);
      window.removeEventListener('pagehide', release);
      release();
      setHold(null);
    };
  }, [slotId, wanted]);

  return {
    hold,
    error,
    /** The booking has taken the held seat: there is nothing to give back. */
    use: () => {
      used.current = true;
    },
  };
}
