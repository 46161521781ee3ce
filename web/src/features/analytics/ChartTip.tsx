import { useFormats } from '~/ui/zone';
import styles from './Analytics.module.css';
import type { Series } from './queries';
import { writeValue } from './values';

interface Props {
  series: Series[];
  /** Index of the point under the pointer. */
  at: number;
  when: string;
  /** From 0 at the left to 1 at the right. */
  place: number;
  isLeft: boolean;
}

/** The figures under the pointer. */
export function ChartTip({ series, at, when, place, isLeft }: Props) {
  const formats = useFormats();
  return (
    <div className={styles.tip} style={{ left: `${place * 100}%` }} data-left={isLeft}>
      <span>{when}</span>
      {series.map((one) => (
        <p key={one.key}>
          <b>{writeValue(one.points[at]?.value ?? 0, one, formats)}</b> {one.label}
        </p>
      ))}
    </div>
  );
}
