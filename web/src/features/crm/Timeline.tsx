import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { itemsOf, Listed } from '~/ui/Listed';
import { Card } from '~/ui/Page';
import { useFormats } from '~/ui/zone';
import styles from './Crm.module.css';
import { timelineQuery } from './queries';

/** All that happened to a person, with positions in the log. */
export function Timeline({ id, asOf }: { id: string; asOf: string | undefined }) {
  const { t } = useTranslation('crm');
  const formats = useFormats();
  const timeline = useInfiniteQuery(timelineQuery(id, asOf));
  return (
    <Card id="timeline" title={t('user.timeline')} flush>
      <Listed
        query={timeline}
        items={itemsOf(timeline)}
        failed={t('user.failedTimeline')}
        rows={8}
        height={32}
        empty={<p className={styles.quiet}>{t('user.nothing')}</p>}
      >
        {(items) => (
          <ol className={styles.timeline}>
            {items.map((entry) => (
              <li key={entry.position}>
                <time dateTime={entry.recorded_at}>
                  {formats.shortDay(entry.recorded_at)}, {formats.time(entry.recorded_at)}
                </time>
                <span>{entry.text}</span>
                <span className={styles.position} title={entry.type}>
                  {formats.number(entry.position)}
                </span>
              </li>
            ))}
          </ol>
        )}
      </Listed>
    </Card>
  );
}
