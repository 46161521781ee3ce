import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '~/ui/mantine/fields';
import { useLanguage, zoneName } from './format';
import { useZone } from './zone';
import { offsetLabel, offsetMinutes } from './zones';

/** All zones with their offset now, from west to east. */
export function useZoneOptions() {
  const language = useLanguage();
  const { zone } = useZone();
  return useMemo(() => {
    const now = new Date();
    const names = new Set([...Intl.supportedValuesOf('timeZone'), zone, 'UTC']);
    return [...names]
      .map((name) => ({ value: name, offset: offsetMinutes(now, name) }))
      .sort((a, b) => a.offset - b.offset || a.value.localeCompare(b.value))
      .map(({ value }) => ({
        value,
        label: `${zoneName(value, language)} · ${value} · ${offsetLabel(now, value)}`,
      }));
  }, [language, zone]);
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
