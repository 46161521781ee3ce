import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { useNarrow } from '~/ui/useNarrow';
import { useZone } from '~/ui/zone';
import { Filters } from './Filters';
import { FiltersRow } from './FiltersRow';
import { teachersQuery } from './queries';
import { SortSelect } from './SortSelect';
import type { TeacherSearch } from './search';
import { TeacherGrid } from './TeacherGrid';
import styles from './TeachersPage.module.css';

/** The whole catalogue. All filters stand in the address. */
export function TeachersPage({ search }: { search: TeacherSearch }) {
  const { t } = useTranslation('scheduling');
  const { zone } = useZone();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const found = useInfiniteQuery(teachersQuery(search, zone));
  const total = found.data?.pages[0]?.page.total ?? null;
  const change = (part: Partial<TeacherSearch>) =>
    void navigate({
      to: '/teachers',
      search: { ...search, ...part },
      replace: true,
      resetScroll: false,
    });
  const reset = () => void navigate({ to: '/teachers', search: {}, replace: true, resetScroll: false });
  const asked = Object.keys(search).some((name) => name !== 'sort');
  const filters = { search, change, reset: asked ? reset : undefined, total };
  return (
    <div className={styles.page}>
      {!narrow && (
        <aside className={styles.filters} aria-label={t('search.filters')}>
          <Filters {...filters} />
        </aside>
      )}
      <section className={styles.found} aria-labelledby="title">
        <header className={styles.head}>
          <h1 id="title">{t('teachers.title')}</h1>
          <p aria-live="polite">
            {total === null
              ? '\u00a0'
              : t(search.all ? 'teachers.found' : 'teachers.foundFree', { count: total })}
          </p>
          <SortSelect value={search.sort} change={(sort) => change({ sort })} />
        </header>
        {narrow && <FiltersRow {...filters} />}
        <h2 className="visually-hidden">{t('teachers.list')}</h2>
        <TeacherGrid
          teachers={found.data?.pages.flatMap((page) => page.data)}
          error={found.error}
          retry={() => void found.refetch()}
          reset={asked ? reset : undefined}
          bones={6}
        />
        {found.hasNextPage && (
          <p className={styles.more}>
            <Button
              size="large"
              busy={found.isFetchingNextPage ? t('teachers.loadingMore') : null}
              onClick={() => void found.fetchNextPage()}
            >
              {t('teachers.more')}
            </Button>
          </p>
        )}
      </section>
    </div>
  );
}
