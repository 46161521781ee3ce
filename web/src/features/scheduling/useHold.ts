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
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asking = useRef<Promise<void>>(undefined);
  const held = useRef<Hold | null>(null);

  useEffect(() => {
    if (!wanted) return;
    let open = true;
    let mine: Hold | null = null;
    const ask = async () => {
      try {
        const { id, expires_at } = await holdSeat(slotId);
        mine = { id, expiresAt: Date.parse(expires_at) };
        if (!open) return release();
        held.current = mine;
        setHold(mine);
      } catch (problem) {
        // A held seat is a courtesy: only a refusal that the booking would meet as well is worth a word.
        const refused =
          problem instanceof ProblemError && problem.status === 409 && problem.code !== 'already_held';
        if (!open || !refused) return;
        setError(problem);
        void cache.invalidateQueries({ queryKey: keys.teachers });
      }
    };
    timer.current = setTimeout(() => {
      asking.current = ask();
    }, GLANCE_MS);
    const release = () => {
      if (mine && !used.current) void releaseSeat(mine.id);
      mine = null;
      held.current = null;
    };
    window.addEventListener('pagehide', release);
    return () => {
      open = false;
      clearTimeout(timer.current);
      window.removeEventListener('pagehide', release);
      release();
      setHold(null);
    };
  }, [slotId, wanted]);

  return {
    hold,
    error,
    /** Ends the wait for a hold and returns its id, if there is one: the booking takes it now. */
    use: async (): Promise<string | undefined> => {
      clearTimeout(timer.current);
      used.current = true;
      await asking.current;
      return held.current?.id;
    },
    /** The booking was refused: leaving the page gives the seat back. */
    keep: () => {
      used.current = false;
    },
  };
}
