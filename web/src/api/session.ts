import { store, stored } from '~/ui/stored';

/** The cookie cannot be read here. This says whether asking for the account makes sense at all. */
export function rememberSession(open: boolean) {
  store('session', open ? 'open' : null);
}

export function hadSession(): boolean {
  return stored('session') !== null;
}
