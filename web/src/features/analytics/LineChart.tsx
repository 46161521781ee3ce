import { extent, max } from 'd3-array';
import { scaleLinear, scalePoint } from 'd3-scale';
import { line } from 'd3-shape';
import { type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '~/ui/zone';
import styles from './Analytics.module.css';
import { bucketName } from './bucketName';
import { ChartTip } from './ChartTip';
import type { Interval, Series } from './queries';
import { writeValue } from './values';

const WIDTH = 760;
const HEIGHT = 280;
const EDGE = { top: 12, right: 12, bottom: 28, left: 64 };
const LINES = 4;
/** Up to so many points each has a dot: a line alone would hide a single one. */
const DOTTED = 14;

interface Props {
  series: Series[];
  interval: Interval;
  previous: Series[];
  choose: (series: Series, index: number) => void;
}

/** Lines over time, the time before dotted. The table below has the same figures for readers of text. */
export function LineChart({ series, interval, previous, choose }: Props) {
  const { t } = useTranslation('analytics');
  const formats = useFormats();
  const [at, setAt] = useState<number | null>(null);
  const shown = series.slice(0, LINES);
  const unit = shown[0];
  const points = shown[0]?.points ?? [];
  if (!unit || points.length === 0) return null;
  const all = [...shown, ...previous].flatMap((one) => one.points.map(({ value }) => value));
  const top = Math.max(max(all) ?? 1, unit.unit === 'ratio' ? 0.1 : 1);
  const x = scalePoint<number>()
    .domain(points.map((_, index) => index))
    .range([EDGE.left, WIDTH - EDGE.right]);
  const y = scaleLinear([Math.min(0, extent(all)[0] ?? 0), top], [HEIGHT - EDGE.bottom, EDGE.top]).nice(4);
  const path = line<{ value: number }>(
    (_, index) => x(Math.min(index, points.length - 1)) ?? 0,
    ({ value }) => y(value),
  );
  const every = Math.ceil(points.length / 8);
  const onMove = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * WIDTH;
    const index = Math.round(((place - EDGE.left) / (WIDTH - EDGE.right - EDGE.left)) * (points.length - 1));
    setAt(Math.max(0, Math.min(index, points.length - 1)));
  };
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.legend}>
        {shown.map((one, index) => (
          <span key={one.key} style={{ color: `var(--chart-${index + 1})` }}>
            <i aria-hidden />
            <span>{one.label}</span>
          </span>
        ))}
        {previous.length > 0 && <span data-before>{t('before')}</span>}
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the table has a button for each figure */}
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={t('chartLabel', { names: shown.map(({ label }) => label).join(', ') })}
        onPointerMove={onMove}
        onPointerLeave={() => setAt(null)}
        onClick={() => at !== null && choose(unit, at)}
      >
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
            <text x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end">
              {writeValue(tick, unit, formats)}
            </text>
          </g>
        ))}
        {points.map(
          (point, index) =>
            index % every === 0 && (
              <text key={point.t} x={x(index)} y={HEIGHT - 8} textAnchor="middle">
                {interval === 'month'
                  ? formats.month(point.t)
                  : formats.dayAndMonth(point.t).replace(/^(\d+) (\p{L}{3})\p{L}*$/u, '$1 $2')}
              </text>
            ),
        )}
        {previous.slice(0, LINES).map((one) => (
          <path
            key={one.key}
            d={path(one.points.slice(0, points.length)) ?? ''}
            fill="none"
            stroke="var(--chart-before)"
            strokeWidth="2"
            strokeDasharray="2 4"
          />
        ))}
        {shown.map((one, index) => (
          <path
            key={one.key}
            d={path(one.points) ?? ''}
            fill="none"
            stroke={`var(--chart-${index + 1})`}
            strokeWidth="2"
            strokeLinejoin="round"
          />
        ))}
        {points.length <= DOTTED &&
          shown.map((one, index) =>
            one.points.map((point, place) => (
              <circle
                key={`${one.key}-${point.t}`}
                cx={x(place)}
                cy={y(point.value)}
                r="3"
                fill={`var(--chart-${index + 1})`}
              />
            )),
          )}
        {at !== null && (
          <g>
            <line x1={x(at)} x2={x(at)} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} stroke="var(--field-line)" />
            {shown.map((one, index) => (
              <circle
                key={one.key}
                cx={x(at)}
                cy={y(one.points[at]?.value ?? 0)}
                r="4"
                fill={`var(--chart-${index + 1})`}
                stroke="var(--surface)"
                strokeWidth="2"
              />
            ))}
          </g>
        )}
      </svg>
      {at !== null && (
        <ChartTip
          series={shown}
          at={at}
          place={(x(at) ?? 0) / WIDTH}
          isLeft={at > points.length / 2}
          when={bucketName(formats, interval, points[at]?.t ?? '')}
        />
      )}
    </figure>
  );
}
