import { lazy, type ReactNode, type Ref, Suspense } from 'react';
import { MOST_WHOLE } from './rowLimit';

interface Props<T> {
  items: readonly T[];
  id: (item: T) => string | number;
  /** Expected height of a row in px. */
  height: number;
  /** Id of a row that must be seen. */
  reveal?: string | number | undefined;
  children: (item: T) => ReactNode;
}

/** Id of a row that has one. */
export const idOf = ({ id }: { id: string }) => id;

const LongRows = lazy(() => import('./LongRows'));

/** A list of rows. Of a long one only what is near the seen part is in the page. */
export function Rows<T>({ items, id, height, reveal, children }: Props<T>) {
  const isLong = items.length > MOST_WHOLE;
  const draw = (item: T, index: number, measure?: Ref<HTMLLIElement>) => (
    <li
      key={id(item)}
      ref={measure}
      data-index={index}
      aria-setsize={isLong ? items.length : undefined}
      aria-posinset={isLong ? index + 1 : undefined}
    >
      {children(item)}
    </li>
  );
  const begin = <ul>{items.slice(0, MOST_WHOLE).map((item, index) => draw(item, index))}</ul>;
  if (!isLong) return begin;
  return (
    <Suspense fallback={begin}>
      <LongRows
        items={items}
        id={id as (item: unknown) => string | number}
        height={height}
        reveal={reveal}
        draw={draw as (item: unknown, index: number, measure?: Ref<HTMLLIElement>) => ReactNode}
      />
    </Suspense>
  );
}
