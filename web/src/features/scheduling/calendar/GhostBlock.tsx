import { IconAlertTriangle, IconGripVertical } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormats, useZone } from '~/ui/zone';
import { instantOf } from '~/ui/zones';
import { useOthers } from '../others';
import styles from './Calendar.module.css';
import type { Entry } from './entries';
import { type Ghost, HOUR_PX } from './useDrag';

/** The new place of what is moved or drawn, and what it collides with. */
export function GhostBlock({ ghost, top, conflict }: { ghost: Ghost; top: number; conflict: Entry | null }) {
  const { t } = useTranslation('calendar');
  const { zone } = useZone();
  const formats = useFormats();
  const others = useOthers();
  const from = instantOf(ghost.day, ghost.from, zone);
  const to = new Date(from.getTime() + (ghost.to - ghost.from) * 60_000);
  const nameOf = (entry: Entry) => (entry.lesson ? others(entry.lesson) : t('block.free'));
  return (
    <div
      className={styles.ghost}
      data-conflict={conflict !== null}
      style={{ top, height: ((ghost.to - ghost.from) / 60) * HOUR_PX - 3 }}
    >
      <b>
        <IconGripVertical size={14} stroke={2} aria-hidden />
        {ghost.entry ? nameOf(ghost.entry) : t('block.new')}
      </b>
      <span className="num">{formats.timeRange(from, to)}</span>
      <p role="status" className={conflict ? styles.bubble : 'visually-hidden'}>
        {conflict ? (
          <>
            <IconAlertTriangle size={16} stroke={2} aria-hidden />
            {t('conflict.text', {
              name: nameOf(conflict),
              time: formats.timeRange(new Date(conflict.startsAt), new Date(conflict.endsAt)),
            })}
          </>
        ) : (
          `${formats.shortDay(from)}, ${formats.timeRange(from, to)}`
        )}
      </p>
    </div>
  );
}
