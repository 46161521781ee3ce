import { useTranslation } from 'react-i18next';
import { useFormats, useZone } from '~/ui/zone';
import { addDays, dayOf } from '~/ui/zones';

/** "today", "tomorrow", or a short day. */
export function useDayWord() {
  const { t } = useTranslation('scheduling');
  const { zone } = useZone();
  const formats = useFormats();
  return (instant: string | Date): string => {
    const today = dayOf(new Date(), zone);
    const day = formats.dayKey(instant);
    if (day === today) return t('days.today');
    if (day === addDays(today, 1)) return t('days.tomorrow');
    return formats.shortDay(instant);
  };
}
