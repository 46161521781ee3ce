import { IconAdjustments, IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './SearchBar.module.css';
import type { TeacherSearch } from './search';
import { useSearchWords } from './searchChoices';

const SearchSheet = lazy(() => import('./SearchSheet'));

interface Props {
  search: TeacherSearch;
  change: (part: Partial<TeacherSearch>) => void;
  total: number | null;
}

/** The search on a phone: one row that opens a sheet. */
export function SearchRow({ search, change, total }: Props) {
  const { t } = useTranslation('scheduling');
  const words = useSearchWords(search);
  const [opened, setOpened] = useState<boolean | null>(null);
  return (
    <search aria-label={t('search.label')}>
      <button type="button" className={styles.row} aria-haspopup="dialog" onClick={() => setOpened(true)}>
        <IconSearch size={24} stroke={1.8} aria-hidden />
        <span>
          <b>{words.subject}</b>
          <small>{[words.when, words.price].join(' · ')}</small>
        </span>
        <IconAdjustments size={22} stroke={1.6} aria-hidden />
      </button>
      {opened !== null && (
        <Suspense>
          <SearchSheet
            search={search}
            change={change}
            total={total}
            opened={opened}
            close={() => setOpened(false)}
          />
        </Suspense>
      )}
    </search>
  );
}
