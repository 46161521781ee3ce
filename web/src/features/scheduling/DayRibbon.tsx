import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { useDictionaries } from '~/ui/dictionaries';
import { useLanguage, zoneName } from '~/ui/format';
import { Bone } from '~/ui/Skeleton';
import { subjectLook } from '~/ui/subjects';
import { useFormats, useZone } from '~/ui/zone';
import styles from './DayRibbon.module.css';
import { useDayWord } from './dayWord';
import type { TeacherCard } from './queries';
import { buildRibbon, MOST_LANES } from './ribbon';

const LANE = 56;
/** The same for few and many times, so that what follows does not move. */
const HEIGHT = MOST_LANES * LANE + 44;

/** The next day with free times, on its hours. Each is one press from its booking. */
export function DayRibbon({ teachers }: { teachers: readonly TeacherCard[] }) {
  const { t } = useTranslation('scheduling');
  const { zone } = useZone();
  const language = useLanguage();
  const formats = useFormats();
  const dayWord = useDayWord();
  const { label } = useDictionaries();
  const ribbon = buildRibbon(teachers, zone);
  const first = ribbon?.items[0];
  if (!ribbon || !first) return null;
  const { fromHour, toHour, items } = ribbon;
  const span = (toHour - fromHour) * 60;
  const place = (minute: number) => `${(((minute - fromHour * 60) / span) * 100).toFixed(3)}%`;
  const hours = Array.from({ length: toHour - fromHour + 1 }, (_, index) => fromHour + index);
  return (
    <section className={styles.ribbon} aria-labelledby="ribbon-title">
      <header className={styles.head}>
        <h2 id="ribbon-title">{t('ribbon.title', { day: dayWord(first.slot.starts_at) })}</h2>
        <p>
          {formats.longDay(first.slot.starts_at)} · {zoneName(zone, language)},{' '}
          {formats.offset(first.slot.starts_at)}
        </p>
        <Link to="/teachers" className={styles.all}>
          {t('ribbon.all')}
          <IconChevronRight size={16} stroke={2} aria-hidden />
        </Link>
      </header>
      <div className={styles.hours} style={{ height: HEIGHT }}>
        {hours.map((hour) => (
          <span key={hour} className={styles.hour} style={{ left: place(hour * 60) }} aria-hidden>
            {hour < toHour && `${String(hour % 24).padStart(2, '0')}:00`}
          </span>
        ))}
        <ul>
          {items.map(({ teacher, slot, minute, lane }) => (
            <li key={slot.id} style={{ left: place(minute), top: 34 + lane * LANE }} className={styles.item}>
              <Link
                to="/teachers/$id"
                params={{ id: teacher.id }}
                search={{ slot: slot.id }}
                className={styles.slot}
                data-subject={subjectLook(slot.subject).hue}
              >
                <Avatar id={teacher.id} name={teacher.name} url={teacher.avatar_url} size={32} />
                <span className={styles.words}>
                  <b className="num">{formats.time(slot.starts_at)}</b>
                  <span>{label('subjects', slot.subject)}</span>
                </span>
                <span className="visually-hidden">, {teacher.name}</span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** The place of the ribbon while it is loaded. */
export function DayRibbonSkeleton() {
  return (
    <div className={styles.ribbon} aria-hidden>
      <div className={styles.head}>
        <Bone width={220} height={24} />
      </div>
      <div style={{ height: HEIGHT }} />
    </div>
  );
}
