import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '~/ui/Empty';
import { Failed } from '~/ui/Failed';
import { Card, PageHead } from '~/ui/Page';
import { CalendarPicture } from '~/ui/pictures';
import { Bone } from '~/ui/Skeleton';
import { useFormats, useZone } from '~/ui/zone';
import { addDays, dayOf, instantOf } from '~/ui/zones';
import { AsOfButton, AsOfFrame } from '../crm/AsOf';
import styles from './Analytics.module.css';
import { FactsPanel } from './FactsPanel';
import {
  type Comparison,
  type Grouping,
  type Interval,
  intervalsOf,
  type Period,
  type ReportName,
  reportQuery,
  reportsQuery,
  type Series,
} from './queries';
import { ReportBar } from './ReportBar';
import { ReportTable } from './ReportTable';
import { Totals } from './Totals';

const Heatmap = lazy(() => import('./Heatmap').then(({ Heatmap }) => ({ default: Heatmap })));
const LineChart = lazy(() => import('./LineChart').then(({ LineChart }) => ({ default: LineChart })));

export interface ReportSearch {
  from?: string;
  to?: string;
  interval?: Interval;
  compare?: Comparison;
  by?: Grouping;
  date_of?: 'lesson';
  as_of?: string;
}

/** Days of a report whose period was not chosen: enough for its steps. */
const DAYS = { day: 28, week: 84, month: 365 };

export interface Chosen {
  key: string;
  label: string;
  from: string;
  to: string;
}

/** One report: period and step in the address, a picture, its table, and what is behind each figure. */
export function ReportPage({ report, search }: { report: ReportName; search: ReportSearch }) {
  const { t } = useTranslation('analytics');
  const { zone } = useZone();
  const formats = useFormats();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const today = dayOf(search.as_of ? new Date(search.as_of) : new Date(), zone);
  const intervals = intervalsOf(report);
  const interval = intervals.find((one) => one === search.interval) ?? intervals[0] ?? 'day';
  const from = search.from ?? addDays(today, 1 - DAYS[interval]);
  const to = search.to ?? today;
  const period: Period = {
    from: instantOf(from, 0, zone).toISOString(),
    to: instantOf(addDays(to, 1), 0, zone).toISOString(),
    interval,
    ...(search.compare && { compare: search.compare }),
    ...(search.by && { by: search.by }),
    ...(search.date_of && { date_of: search.date_of }),
    ...(search.as_of && { as_of: search.as_of }),
  };
  const { data, error, refetch } = useQuery(reportQuery(report, period));
  const accepted = useQuery(reportsQuery).data?.data.find((one) => one.report === report);
  const step = (series: Series, index: number): string => series.points[index + 1]?.t ?? period.to;
  const choose = (series: Series, index: number) => {
    const point = series.points[index];
    if (!point) return;
    setChosen({
      key: series.key,
      label: `${series.label}, ${formats.shortDay(point.t)}`,
      // A cohort is found by its own week or month, whatever later one was chosen.
      from: report === 'retention' ? period.from : point.t,
      to: report === 'retention' ? period.to : step(series, index),
    });
  };
  const empty = data?.series.every(({ points }) => points.every(({ sample }) => sample === 0));
  return (
    <AsOfFrame asOf={search.as_of} position={data?.as_of_position}>
      <PageHead
        title={t(`reports.${report}`)}
        note={[accepted?.counts, data && t('definition', { version: data.definition_version })]
          .filter(Boolean)
          .join(' · ')}
      >
        {!search.as_of && <AsOfButton asOf={undefined} />}
      </PageHead>
      <ReportBar
        report={report}
        search={search}
        from={from}
        to={to}
        interval={period.interval}
        period={period}
        accepted={accepted}
      />
      {error && !data && <Failed title={t('failed')} error={error} retry={() => void refetch()} />}
      {!data && !error && <Bone height={420} />}
      {data && empty && (
        <Card>
          <Empty picture={<CalendarPicture />} title={t('empty')} text={t('emptyText')} />
        </Card>
      )}
      {data && !empty && (
        <div className={styles.page} data-open={chosen !== null}>
          <div className={styles.main}>
            {report !== 'retention' && <Totals report={data} />}
            <Card id="picture" title={t(report === 'retention' ? 'cohorts' : 'picture')}>
              <Suspense fallback={<Bone height={280} />}>
                {report === 'retention' ? (
                  <Heatmap interval={interval} series={data.series} choose={choose} />
                ) : (
                  <LineChart
                    interval={interval}
                    series={data.series}
                    previous={data.previous?.series ?? []}
                    choose={choose}
                  />
                )}
              </Suspense>
            </Card>
            {report !== 'retention' && (
              <Card id="table" title={t('table')} flush>
                <ReportTable interval={interval} series={data.series} choose={choose} />
              </Card>
            )}
          </div>
          {chosen && (
            <FactsPanel report={report} period={period} chosen={chosen} close={() => setChosen(null)} />
          )}
        </div>
      )}
    </AsOfFrame>
  );
}
