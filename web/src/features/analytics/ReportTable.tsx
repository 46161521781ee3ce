import { useTranslation } from 'react-i18next';
import { type Column, Table } from '~/ui/Table';
import { useFormats } from '~/ui/zone';
import styles from './Analytics.module.css';
import { bucketName } from './bucketName';
import type { Interval, Series } from './queries';
import { writeValue } from './values';

interface Row {
  t: string;
  index: number;
}

interface Props {
  series: Series[];
  interval: Interval;
  choose: (series: Series, index: number) => void;
}

/** The figures of the picture; each leads to what is behind it. */
export function ReportTable({ series, interval, choose }: Props) {
  const { t } = useTranslation('analytics');
  const formats = useFormats();
  const longest = series.reduce<Series | undefined>(
    (most, one) => (one.points.length > (most?.points.length ?? 0) ? one : most),
    undefined,
  );
  const rows: Row[] = (longest?.points ?? []).map(({ t: at }, index) => ({ t: at, index }));
  const columns: Column<Row>[] = [
    {
      key: 'day',
      head: t(interval === 'month' ? 'intervals.month' : 'day'),
      cell: (row) => bucketName(formats, interval, row.t),
    },
    ...series.slice(0, 8).map(
      (one): Column<Row> => ({
        key: one.key,
        head: one.label,
        figure: true,
        cell: (row) => {
          const index = one.points.findIndex((point) => point.t === row.t);
          const point = one.points[index];
          return point ? (
            <button type="button" className={styles.figure} onClick={() => choose(one, index)}>
              {writeValue(point.value, one, formats)}
            </button>
          ) : null;
        },
      }),
    ),
  ];
  return <Table label={t('table')} columns={columns} rows={rows.toReversed()} id={({ t: at }) => at} />;
}
