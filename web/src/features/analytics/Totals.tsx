import { useTranslation } from 'react-i18next';
import { useFormats } from '~/ui/zone';
import styles from './Analytics.module.css';
import type { Report } from './queries';
import { writeValue } from './values';

/** The sum of each series, and what it was before. */
export function Totals({ report }: { report: Report }) {
  const { t } = useTranslation('analytics');
  const formats = useFormats();
  return (
    <ul className={styles.totals}>
      {report.series.slice(0, 6).map((series) => {
        const total = report.totals[series.key];
        const before = report.previous?.totals[series.key];
        if (!total) return null;
        return (
          <li key={series.key}>
            <span>{series.label}</span>
            <b>{writeValue(total.value, series, formats)}</b>
            {before && <span>{t('was', { value: writeValue(before.value, series, formats) })}</span>}
          </li>
        );
      })}
    </ul>
  );
}
