import { useTranslation } from 'react-i18next';
import { useDictionaries } from '~/ui/dictionaries';
import { Card } from '~/ui/Page';
import { useFormats } from '~/ui/zone';
import styles from './Crm.module.css';
import type { CrmUser } from './queries';

/** Data and figures of a person. */
export function UserFacts({ user }: { user: CrmUser }) {
  const { t } = useTranslation('crm');
  const { label } = useDictionaries();
  const formats = useFormats();
  const facts: [string, string | null | undefined][] = [
    ['email', user.email],
    ['phone', user.phone],
    ['subjects', user.subjects.map((code) => label('subjects', code)).join(', ')],
    ['registered', formats.date(user.registered_at)],
    ['active', `${formats.shortDay(user.last_active_at)}, ${formats.time(user.last_active_at)}`],
    ['lessons', formats.number(user.lessons_completed)],
    ['rating', user.rating == null ? null : formats.number(user.rating, 2)],
    ['tickets', formats.number(user.tickets_open)],
  ];
  return (
    <Card id="facts" title={t('user.facts')}>
      <dl className={styles.facts}>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{t(`user.fields.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </Card>
  );
}
