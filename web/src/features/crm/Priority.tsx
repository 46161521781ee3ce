import { IconAlertTriangleFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './Crm.module.css';

const BARS: Record<string, number> = { low: 1, medium: 2, high: 3 };

/** Three bars; urgent is a filled triangle. */
export function Priority({ priority, short }: { priority: string; short?: boolean }) {
  const { t } = useTranslation('crm');
  const word = t(`priority.${priority}`, priority);
  return (
    <span className={styles.priority} data-priority={priority} title={word}>
      {priority === 'urgent' ? (
        <IconAlertTriangleFilled size={16} aria-hidden />
      ) : (
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden>
          {[1, 2, 3].map((bar) => (
            <rect
              key={bar}
              x={bar * 5 - 4}
              y={14 - bar * 4}
              width="3"
              height={bar * 4}
              rx="1"
              opacity={bar <= (BARS[priority] ?? 0) ? 1 : 0.25}
            />
          ))}
        </svg>
      )}
      <span className={short ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}
