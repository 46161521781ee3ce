import type { ReactNode } from 'react';
import styles from './Table.module.css';

export interface Column<T> {
  key: string;
  head: ReactNode;
  cell: (row: T) => ReactNode;
  /** Figures stand at the right. */
  figure?: boolean;
  /** Left out on a phone. */
  wide?: boolean;
  width?: string | number;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: readonly T[];
  id: (row: T) => string | number;
  current?: (row: T) => boolean;
}

/** Rows of figures and words: a head, lines only between rows. */
export function Table<T>({ label, columns, rows, id, current }: Props<T>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ key, head, figure, wide, width }) => (
              <th key={key} scope="col" data-figure={figure} data-wide={wide} style={{ width }}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)} data-current={current?.(row)}>
              {columns.map(({ key, cell, figure, wide }) => (
                <td key={key} data-figure={figure} data-wide={wide}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
