import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Checkbox, Select, TextInput } from '~/ui/mantine/fields';
import { CsvLink } from '../crm/UsersPage';
import styles from './Analytics.module.css';
import { intervalsOf, type Period, REPORTS, type ReportName } from './queries';
import type { ReportSearch } from './ReportPage';

interface Props {
  report: ReportName;
  search: ReportSearch;
  from: string;
  to: string;
  interval: string;
  period: Period;
}

/** Report, period, step and comparison. */
export function ReportBar({ report, search, from, to, interval, period }: Props) {
  const { t } = useTranslation('analytics');
  const navigate = useNavigate();
  const go = (change: ReportSearch, next: string = report) =>
    void navigate({
      to: '/crm/analytics/$report',
      params: { report: next },
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  const { as_of: _, ...query } = period;
  const file = `/api/v1/crm/analytics/${report}?${new URLSearchParams({ ...query, ...(search.as_of && { as_of: search.as_of }) })}`;
  return (
    <div className={styles.bar}>
      <Select
        label={t('report')}
        data={REPORTS.map((value) => ({ value, label: t(`reports.${value}`) }))}
        value={report}
        searchable
        allowDeselect={false}
        onChange={(value) => value && go({}, value)}
      />
      <TextInput
        type="date"
        label={t('from')}
        value={from}
        max={to}
        onChange={(event) => go({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label={t('to')}
        value={to}
        min={from}
        onChange={(event) => go({ to: event.currentTarget.value || undefined })}
      />
      <Select
        label={t('step')}
        data={intervalsOf(report).map((value) => ({ value, label: t(`intervals.${value}`) }))}
        value={interval}
        allowDeselect={false}
        onChange={(value) => go({ interval: (value ?? undefined) as ReportSearch['interval'] })}
      />
      <Checkbox
        label={t('compare')}
        checked={search.compare === 'previous'}
        onChange={(event) => go({ compare: event.currentTarget.checked ? 'previous' : undefined })}
      />
      <CsvLink href={file} />
    </div>
  );
}
