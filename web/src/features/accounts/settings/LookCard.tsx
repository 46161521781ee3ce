import { useTranslation } from 'react-i18next';
import { changeLanguage, currentLanguage } from '~/i18n';
import { useScheme } from '~/ui/frame/scheme';
import { Select } from '~/ui/mantine/fields';
import { Card } from '~/ui/Page';
import { Segments } from '~/ui/Segments';
import { useZoneOptions } from '~/ui/ZoneSelect';
import { useZone } from '~/ui/zone';
import type { Account } from '../queries';
import { useChangeProfile } from './commands';
import styles from './Settings.module.css';

/** Language and zone of the account, theme of this browser. */
export function LookCard({ account }: { account: Account }) {
  const { t } = useTranslation('settings');
  const change = useChangeProfile();
  const zones = useZoneOptions();
  const { choose } = useZone();
  const { scheme, toggle } = useScheme();
  return (
    <Card id="look" title={t('look')}>
      <div className={styles.look}>
        <Segments
          label={t('language')}
          value={currentLanguage()}
          options={[
            { value: 'ru', label: 'Русский' },
            { value: 'en', label: 'English' },
          ]}
          choose={(language) => {
            void changeLanguage(language);
            change.mutate({ change: { locale: language } });
          }}
        />
        <Segments
          label={t('theme')}
          value={scheme}
          options={[
            { value: 'light', label: t('light') },
            { value: 'dark', label: t('dark') },
          ]}
          choose={(next) => next !== scheme && toggle()}
        />
        <Select
          label={t('zone')}
          data={zones}
          value={account.time_zone}
          searchable
          allowDeselect={false}
          onChange={(zone) => {
            if (!zone) return;
            choose(zone);
            change.mutate({ change: { time_zone: zone } });
          }}
        />
      </div>
    </Card>
  );
}
