import { useSyncExternalStore } from 'react';
import { type LineState, line } from '~/api/live';

export function useLine(): LineState {
  return useSyncExternalStore(line.subscribe, () => line.state);
}

function subscribeToNetwork(changed: () => void) {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

export function useOnline(): boolean {
  return useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
}
