import { useSyncExternalStore } from 'react';
import { store, stored } from '~/ui/stored';

let ended = false;
const listeners = new Set<() => void>();

/** Says that the session ended while a page was open. The page stays until the person signs in again or leaves. */
export function markSessionEnded(value: boolean) {
  if (ended === value) return;
  ended = value;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(subscribe, () => ended);
}

/** The cookie cannot be read here. This says whether asking for the account makes sense at all. */
export function rememberSession(open: boolean) {
  store('session', open ? 'open' : null);
}

export function hadSession(): boolean {
  return stored('session') !== null;
}
