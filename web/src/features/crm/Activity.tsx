import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Card } from '~/ui/Page';
import { useFormats } from '~/ui/zone';
import styles from './Crm.module.css';
import type { Dashboard } from './queries';

/** Number of entries that fit beside the latest tickets and people. */
const SHOWN = 10;

/** Latest activity, with the person who acted. */
export function Activity({
  entries,
  asOf,
}: {
  entries: Dashboard['recent_activity'];
  asOf: string | undefined;
}) {
  const { t } = useTranslation('crm');
  const formats = useFormats();
  return (
    <Card id="activity" title={t('dashboard.activity')} flush>
      <ol className={styles.activity}>
        {entries.slice(0, SHOWN).map((entry) => (
          <li key={`${entry.position}-${entry.user_id}`}>
            <Avatar id={entry.user_id} name={entry.user_name} size={24} />
            <span>
              <Link to="/crm/users/$id" params={{ id: entry.user_id }} search={{ as_of: asOf }}>
                {entry.user_name}
              </Link>{' '}
              {entry.text}
            </span>
            <time dateTime={entry.recorded_at}>{formats.time(entry.recorded_at)}</time>
          </li>
        ))}
      </ol>
    </Card>
  );
}
