import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Select, TextInput } from '~/ui/mantine/fields';
import { CsvLink } from '../crm/UsersPage';
import styles from './Analytics.module.css';
import {
  COMPARISONS,
  GROUPINGS,
  intervalsOf,
  type Period,
  REPORTS,
  type ReportDescription,
  type ReportName,
} from './queries';
import type { ReportSearch } from './ReportPage';

interface Props {
  report: ReportName;
  search: ReportSearch;
  from: string;
  to: string;
  interval: string;
  period: Period;
  accepted: ReportDescription | undefined;
}

/** Report, period, step, groups, date and comparison. */
export function ReportBar({ report, search, from, to, interval, period, accepted }: Props) {
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
  const groupings = GROUPINGS.filter((grouping) => accepted?.groupings.includes(grouping));
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
        onChange={(value) => value && go({ by: undefined, date_of: undefined }, value)}
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
      {groupings.length > 0 && (
        <Select
          label={t('by')}
          data={groupings.map((value) => ({ value, label: t(`groupings.${value}`) }))}
          value={search.by ?? accepted?.groupings[0]}
          allowDeselect={false}
          onChange={(value) => go({ by: (value ?? undefined) as ReportSearch['by'] })}
        />
      )}
      {accepted?.filters.includes('date_of') && (
        <Select
          label={t('dateOf')}
          data={['decision', 'lesson'].map((value) => ({ value, label: t(`dates.${value}`) }))}
          value={search.date_of ?? 'decision'}
          allowDeselect={false}
          onChange={(value) => go({ date_of: value === 'lesson' ? value : undefined })}
        />
      )}
      <Select
        label={t('compare')}
        data={COMPARISONS.map((value) => ({ value, label: t(`comparisons.${value}`) }))}
        value={search.compare ?? null}
        placeholder={t('comparisons.none')}
        clearable
        onChange={(value) => go({ compare: (value ?? undefined) as ReportSearch['compare'] })}
      />
      <CsvLink href={file} />
    </div>
  );
}
