import { useTranslation } from 'react-i18next';
import { useFormats } from '~/ui/zone';
import styles from './Analytics.module.css';
import { bucketName } from './bucketName';
import type { Interval, Series } from './queries';

const STEPS = [0.25, 0.44, 0.6, 0.75];

const stepOf = (value: number) => STEPS.filter((edge) => value >= edge).length;

/** Share of each cohort by weeks or months since its first: five steps of colour, the figure in each. */
export function Heatmap({
  interval,
  series,
  choose,
}: {
  interval: Interval;
  series: Series[];
  choose: (series: Series, index: number) => void;
}) {
  const { t } = useTranslation('analytics');
  const formats = useFormats();
  const widest = Math.max(...series.map(({ points }) => points.length));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable
    <section className={styles.heat} aria-label={t('cohorts')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('cohort')}</th>
            <th scope="col">{t('people')}</th>
            {Array.from({ length: widest }, (_, number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the number is the name
              <th key={number} scope="col">
                {number}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map((cohort) => (
            <tr key={cohort.key}>
              <th scope="row">{bucketName(formats, interval, cohort.points[0]?.t ?? cohort.key)}</th>
              <td>{formats.number(cohort.points[0]?.sample ?? 0)}</td>
              {cohort.points.map((point, index) => (
                <td key={point.t}>
                  <button type="button" data-step={stepOf(point.value)} onClick={() => choose(cohort, index)}>
                    {formats.number(point.value * 100)}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
