import { lazy, type ReactNode, type Ref, Suspense } from 'react';
import { MOST_WHOLE } from './rowLimit';
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

const LongTable = lazy(() => import('./LongTable'));

/** Rows of figures and words: a head, lines only between rows. Of a long table only what is near the seen part. */
export function Table<T>({ label, columns, rows, id, current }: Props<T>) {
  const isLong = rows.length > MOST_WHOLE;
  const draw = (row: T, index: number, measure?: Ref<HTMLTableRowElement>) => (
    <tr
      key={id(row)}
      ref={measure}
      data-index={index}
      aria-rowindex={isLong ? index + 2 : undefined}
      data-current={current?.(row)}
    >
      {columns.map(({ key, cell, figure, wide }) => (
        <td key={key} data-figure={figure} data-wide={wide}>
          {cell(row)}
        </td>
      ))}
    </tr>
  );
  const begin = <tbody>{rows.slice(0, MOST_WHOLE).map((row, index) => draw(row, index))}</tbody>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table} aria-rowcount={isLong ? rows.length + 1 : undefined}>
        <thead>
          <tr>
            {columns.map(({ key, head, figure, wide, width }) => (
              <th key={key} scope="col" data-figure={figure} data-wide={wide} style={{ width }}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {isLong ? (
          <Suspense fallback={begin}>
            <LongTable
              items={rows}
              id={id as (row: unknown) => string | number}
              columns={columns.length}
              draw={draw as (row: unknown, index: number, measure?: Ref<HTMLTableRowElement>) => ReactNode}
            />
          </Suspense>
        ) : (
          begin
        )}
      </table>
    </section>
  );
}
