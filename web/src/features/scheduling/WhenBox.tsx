import { IconCalendar } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatsFor, useLanguage, zoneName } from '~/ui/format';
import { useFormats, useZone } from '~/ui/zone';
import { offsetLabel, offsetMinutes } from '~/ui/zones';
import styles from './BookingPanel.module.css';

interface Props {
  startsAt: string;
  endsAt: string;
  otherZone: string;
  /** Name of the person in the other zone. */
  other: string | null | undefined;
}

/** When, in the visitor's zone; and in the other person's where it differs. */
export function WhenBox({ startsAt, endsAt, otherZone, other }: Props) {
  const { t } = useTranslation('scheduling');
  const { zone } = useZone();
  const language = useLanguage();
  const formats = useFormats();
  const start = new Date(startsAt);
  const theirs = formatsFor(language, otherZone);
  const differs = offsetMinutes(start, zone) !== offsetMinutes(start, otherZone);
  const sameDay = theirs.dayKey(startsAt) === formats.dayKey(startsAt);
  return (
    <div className={styles.when}>
      <IconCalendar size={20} stroke={1.6} aria-hidden />
      <div>
        <b>{formats.longDay(startsAt)}</b>
        <time dateTime={startsAt}>{formats.timeRange(startsAt, endsAt)}</time>
        <span>
          {zoneName(zone, language)}, {offsetLabel(start, zone)}
        </span>
        {differs && (
          <span>
            {t('zone.forOther', {
              name: other?.split(/\s+/)[0] ?? t('person.unnamed'),
              time: `${sameDay ? '' : `${theirs.shortDay(startsAt)}, `}${theirs.timeRange(startsAt, endsAt)}`,
              offset: offsetLabel(start, otherZone),
            })}
          </span>
        )}
      </div>
    </div>
  );
}
