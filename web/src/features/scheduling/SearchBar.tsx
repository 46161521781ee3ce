import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '~/ui/Button';
import styles from './SearchBar.module.css';
import { SearchPart } from './SearchPart';
import type { TeacherSearch } from './search';
import { GoalChoices, PriceChoices, SubjectChoices, useSearchWords, WhenChoices } from './searchChoices';

interface Props {
  search: TeacherSearch;
  change: (part: Partial<TeacherSearch>) => void;
  total: number | null;
}

/** Subject, goal, when, price. Every choice takes effect at once; the button counts what is found. */
export function SearchBar({ search, change, total }: Props) {
  const { t } = useTranslation('scheduling');
  const words = useSearchWords(search);
  return (
    <search className={styles.bar} aria-label={t('search.label')}>
      <SearchPart name={t('search.subject')} value={words.subject}>
        {() => <SubjectChoices search={search} change={change} />}
      </SearchPart>
      <SearchPart name={t('search.goal')} value={words.goal}>
        {() => <GoalChoices search={search} change={change} />}
      </SearchPart>
      <SearchPart name={t('search.when')} value={words.when} wide>
        {() => <WhenChoices search={search} change={change} />}
      </SearchPart>
      <SearchPart name={t('search.price')} value={words.price} last>
        {() => <PriceChoices search={search} change={change} />}
      </SearchPart>
      <ButtonLink
        to="/teachers"
        search={search}
        variant="primary"
        size="large"
        icon={<IconSearch size={20} stroke={2} aria-hidden />}
      >
        {t('search.show')} <span className="num">{total ?? ''}</span>
      </ButtonLink>
    </search>
  );
}
