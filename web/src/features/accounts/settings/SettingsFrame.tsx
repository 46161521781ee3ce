import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead, Tabs } from '~/ui/Page';
import styles from './Settings.module.css';

const TABS = [
  ['profile', '/settings'],
  ['security', '/settings/security'],
  ['notifications', '/settings/notifications'],
] as const;

/** Settings in three tabs. */
export function SettingsFrame({ tab, children }: { tab: (typeof TABS)[number][0]; children: ReactNode }) {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.page}>
      <PageHead title={t('title')} />
      <Tabs
        label={t('title')}
        tabs={TABS.map(([name, to]) => ({ name: t(`tabs.${name}`), link: { to }, current: name === tab }))}
      />
      <div className={styles.stack}>{children}</div>
    </div>
  );
}
