import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { type Formats, formatsFor, useLanguage } from './format';
import { store, stored } from './stored';
import { isZone } from './zones';

interface Zone {
  zone: string;
  /** Shows all times in another zone, in this browser. */
  choose: (zone: string) => void;
}

const ZoneContext = createContext<Zone>({ zone: 'UTC', choose: () => {} });

export function systemZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Zone of all times on a page: the chosen one, else that of the account, else that of the system. */
export function zoneOf(account: string | null, chosen = stored('zone')): string {
  return [chosen, account].find((name): name is string => name !== null && isZone(name)) ?? systemZone();
}

export function ZoneProvider({ account, children }: { account: string | null; children: ReactNode }) {
  const [chosen, setChosen] = useState(() => stored('zone'));
  const zone = zoneOf(account, chosen);
  const value = useMemo(
    () => ({
      zone,
      choose: (next: string) => {
        store('zone', next);
        setChosen(next);
      },
    }),
    [zone],
  );
  return <ZoneContext value={value}>{children}</ZoneContext>;
}

export function useZone(): Zone {
  return useContext(ZoneContext);
}

export function useFormats(): Formats {
  const { zone } = useZone();
  const language = useLanguage();
  return useMemo(() => formatsFor(language, zone), [language, zone]);
}
