import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '~/ui/Button';
import { useNarrow } from '~/ui/useNarrow';
import { useZone } from '~/ui/zone';
import { DayRibbon, DayRibbonSkeleton } from './DayRibbon';
import { teachersQuery } from './queries';
import { SearchBar } from './SearchBar';
import { SearchRow } from './SearchRow';
import { SortSelect } from './SortSelect';
import styles from './StartPage.module.css';
import { StartWords } from './StartWords';
import { SubjectRow } from './SubjectRow';
import type { TeacherSearch } from './search';
import { TeacherGrid } from './TeacherGrid';

const ON_PAGE = 9;

/** Start page for strangers: the school, a search that works at once, and teachers with a free time soon. */
export function StartPage({ search }: { search: TeacherSearch }) {
  const { t } = useTranslation('scheduling');
  const { zone } = useZone();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const found = useInfiniteQuery(teachersQuery(search, zone));
  const page = found.data?.pages[0];
  const total = page?.page.total ?? null;
  const change = (part: Partial<TeacherSearch>) =>
    void navigate({
      to: '/',
      search: { ...search, ...part },
      replace: true,
      resetScroll: false,
    });
  const reset = () => void navigate({ to: '/', search: {}, replace: true, resetScroll: false });
  const asked = Object.keys(search).some((name) => name !== 'sort');
  const Search = narrow ? SearchRow : SearchBar;
  return (
    <div className={styles.page}>
      <StartWords />
      <div className={styles.search}>
        <Search search={search} change={change} total={total} />
        <SubjectRow search={search} change={change} />
      </div>
      {page ? <DayRibbon teachers={page.data} /> : !found.error && <DayRibbonSkeleton />}
      <section aria-labelledby="found">
        <header className={styles.head}>
          <h2 id="found" aria-live="polite">
            {total === null ? t('teachers.title') : t('teachers.free', { count: total })}
          </h2>
          <SortSelect value={search.sort} change={(sort) => change({ sort })} />
        </header>
        <TeacherGrid
          teachers={page?.data.slice(0, ON_PAGE)}
          error={found.error}
          retry={() => void found.refetch()}
          reset={asked ? reset : undefined}
          bones={6}
        />
        {total !== null && total > ON_PAGE && (
          <p className={styles.more}>
            <ButtonLink to="/teachers" search={search} size="large">
              {t('teachers.showAll', { count: total })}
            </ButtonLink>
          </p>
        )}
      </section>
    </div>
  );
}
