import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button';
import { Failed } from './Failed';
import styles from './Listed.module.css';
import { Bone } from './Skeleton';

interface Query {
  error: unknown;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
}

interface Props<T> {
  query: Query;
  items: readonly T[] | undefined;
  /** Title if it could not be loaded. */
  failed: string;
  empty: ReactNode;
  rows?: number;
  height?: number;
  children: (items: readonly T[]) => ReactNode;
}

/** A list in its four states: loading, failed, empty, full; and the button for more. */
export function Listed<T>({ query, items, failed, empty, rows = 5, height = 56, children }: Props<T>) {
  const { t } = useTranslation();
  if (query.error && !items) {
    return <Failed title={failed} error={query.error} retry={() => void query.refetch()} />;
  }
  if (!items) {
    return (
      <div className={styles.bones} aria-busy>
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bones have no other name
          <Bone key={row} height={height} />
        ))}
      </div>
    );
  }
  if (items.length === 0) return empty;
  return (
    <>
      {children(items)}
      {query.hasNextPage && (
        <p className={styles.more}>
          <Button
            busy={query.isFetchingNextPage ? t('list.loading') : null}
            onClick={() => void query.fetchNextPage?.()}
          >
            {t('list.more')}
          </Button>
        </p>
      )}
    </>
  );
}

interface Page<T> {
  data: T[];
  page: { total?: number | null };
}

/** All items of the pages that are there. */
export function itemsOf<T>(query: { data?: { pages: Page<T>[] } }): T[] | undefined {
  return query.data?.pages.flatMap(({ data }) => data);
}

export function totalOf<T>(query: { data?: { pages: Page<T>[] } }): number | null {
  return query.data?.pages[0]?.page.total ?? null;
}
