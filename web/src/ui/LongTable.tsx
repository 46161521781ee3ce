import { type ReactNode, type Ref, useRef } from 'react';
import styles from './Table.module.css';
import { useVirtualRows } from './virtual';

const ROW_PX = 41;

interface Props {
  items: readonly unknown[];
  id: (row: unknown) => string | number;
  columns: number;
  draw: (row: unknown, index: number, measure?: Ref<HTMLTableRowElement>) => ReactNode;
}

/** The body of a long table: the rows near the seen part, and the height of the others. */
export default function LongTable({ items, id, columns, draw }: Props) {
  const box = useRef<HTMLTableSectionElement>(null);
  const { shown, before, after, measure } = useVirtualRows({ items, id, box, height: ROW_PX });
  const space = (height: number) =>
    height > 0 && (
      <tr className={styles.space} aria-hidden>
        <td colSpan={columns} style={{ height }} />
      </tr>
    );
  return (
    <tbody ref={box}>
      {space(before)}
      {shown.map(({ item, index }) => draw(item, index, measure))}
      {space(after)}
    </tbody>
  );
}
