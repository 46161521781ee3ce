import { IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage, zoneName } from '~/ui/format';
import { ZoneSelect } from '~/ui/ZoneSelect';
import { useZone } from '~/ui/zone';
import { offsetLabel, offsetMinutes } from '~/ui/zones';
import type { TeacherCard } from './queries';
import styles from './WeekGrid.module.css';

/** In which zone the times are, and the teacher's where it differs. */
export function ZoneLine({ teacher, at }: { teacher: TeacherCard; at: Date }) {
  const { t } = useTranslation('scheduling');
  const { zone } = useZone();
  const language = useLanguage();
  const [changing, setChanging] = useState(false);
  const differs = offsetMinutes(at, zone) !== offsetMinutes(at, teacher.time_zone);
  return (
    <footer className={styles.foot}>
      <IconWorld size={18} stroke={1.6} aria-hidden />
      <div className={styles.zone}>
        {changing ? (
          <ZoneSelect onDone={() => setChanging(false)} />
        ) : (
          <p>
            {t('zone.yours', { zone: zoneName(zone, language), offset: offsetLabel(at, zone) })}
            {differs &&
              ` ${t('zone.theirs', { zone: zoneName(teacher.time_zone, language), offset: offsetLabel(at, teacher.time_zone) })}`}
          </p>
        )}
      </div>
      {!changing && (
        <button type="button" className={styles.jump} onClick={() => setChanging(true)}>
          {t('zone.change')}
        </button>
      )}
    </footer>
  );
}
