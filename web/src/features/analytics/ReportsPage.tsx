import { IconChartLine } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHead } from '~/ui/Page';
import styles from './Analytics.module.css';
import { REPORTS } from './queries';

/** All reports. */
export function ReportsPage({ as_of }: { as_of: string | undefined }) {
  const { t } = useTranslation('analytics');
  return (
    <>
      <PageHead title={t('title')} note={t('text')} />
      <ul className={styles.reports}>
        {REPORTS.map((report) => (
          <li key={report}>
            <Link to="/crm/analytics/$report" params={{ report }} search={{ as_of }}>
              <IconChartLine size={20} stroke={1.6} aria-hidden />
              <b>{t(`reports.${report}`)}</b>
              <span>{t(`about.${report}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
