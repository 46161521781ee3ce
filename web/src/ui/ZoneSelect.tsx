import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '~/ui/mantine/fields';
import { useLanguage, zoneName } from './format';
import { useZone } from './zone';
import { offsetLabel, offsetMinutes } from './zones';

interface ZoneOption {
  value: string;
  label: string;
}

/** Longest time for which naming zones keeps the page from answering, in ms. */
const SLICE_MS = 8;
const lists = new Map<string, Promise<ZoneOption[]>>();

const labelOf = (name: string, language: string, now: Date) =>
  `${zoneName(name, language)} · ${name} · ${offsetLabel(now, name)}`;

/** Names some four hundred zones, in slices: at once it would take a fifth of a second. */
async function nameZones(language: string): Promise<ZoneOption[]> {
  const now = new Date();
  const named: (ZoneOption & { offset: number })[] = [];
  let end = 0;
  for (const value of new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])) {
    if (performance.now() > end) {
      await new Promise((next) => setTimeout(next));
      end = performance.now() + SLICE_MS;
    }
    named.push({ value, label: labelOf(value, language, now), offset: offsetMinutes(now, value) });
  }
  return named
    .sort((a, b) => a.offset - b.offset || a.value.localeCompare(b.value))
    .map(({ value, label }) => ({ value, label }));
}

/** All zones with their offset now, from west to east. Until they are named, only the zone of the page. */
export function useZoneOptions(): ZoneOption[] {
  const language = useLanguage();
  const { zone } = useZone();
  const [all, setAll] = useState<ZoneOption[] | null>(null);
  useEffect(() => {
    let wanted = true;
    const list = lists.get(language) ?? nameZones(language);
    lists.set(language, list);
    void list.then((options) => wanted && setAll(options));
    return () => {
      wanted = false;
    };
  }, [language]);
  return useMemo(() => {
    if (all?.some(({ value }) => value === zone)) return all;
    return [{ value: zone, label: labelOf(zone, language, new Date()) }, ...(all ?? [])];
  }, [all, zone, language]);
}

/** Chooses the zone in which this browser shows all times. */
export function ZoneSelect({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const options = useZoneOptions();
  const { zone, choose } = useZone();
  return (
    <Select
      data={options}
      value={zone}
      label={t('zone.label')}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('zone.none')}
      onChange={(value) => {
        if (value) choose(value);
        onDone();
      }}
    />
  );
}
