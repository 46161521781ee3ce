import { useTranslation } from 'react-i18next';
import { useDictionaries } from '~/ui/dictionaries';
import { TwoVersions } from '~/ui/TwoVersions';
import type { SlotFields } from './slotForm';

interface Props {
  mine: SlotFields;
  now: SlotFields;
  busy: boolean;
  keep: () => void;
  overwrite: () => void;
}

const DICTIONARIES: Partial<Record<keyof SlotFields, string>> = {
  subject: 'subjects',
  lessonType: 'lesson_types',
  format: 'formats',
};

/** The typed form of a slot beside the slot as others have changed it: the fields that differ. */
export function SlotVersions({ mine, now, busy, keep, overwrite }: Props) {
  const { t } = useTranslation('calendar');
  const { label } = useDictionaries();
  const names = Object.keys(mine) as (keyof SlotFields)[];
  const write = (fields: SlotFields, name: keyof SlotFields) => {
    const dictionary = DICTIONARIES[name];
    return dictionary ? label(dictionary, fields[name]) : fields[name];
  };
  const rows = names
    .filter((name) => mine[name] !== now[name])
    .map((name) => ({ name: t(`fields.${name}`), mine: write(mine, name), now: write(now, name) }));
  return <TwoVersions rows={rows} busy={busy ? t('saving') : null} keep={keep} overwrite={overwrite} />;
}
