import { type ReactNode, type Ref, useRef } from 'react';
import styles from './LongRows.module.css';
import { useVirtualRows } from './virtual';

interface Props {
  items: readonly unknown[];
  id: (item: unknown) => string | number;
  height: number;
  reveal: string | number | undefined;
  draw: (item: unknown, index: number, measure?: Ref<HTMLLIElement>) => ReactNode;
}

/** A long list: the rows near the seen part, and the height of the others. */
export default function LongRows({ draw, ...options }: Props) {
  const box = useRef<HTMLUListElement>(null);
  const { shown, before, after, measure } = useVirtualRows({ ...options, box });
  return (
    <ul ref={box} className={styles.rows} style={{ paddingTop: before, paddingBottom: after }}>
      {shown.map(({ item, index }) => draw(item, index, measure))}
    </ul>
  );
}
