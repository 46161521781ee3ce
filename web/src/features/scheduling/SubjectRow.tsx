import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useDictionaries } from '~/ui/dictionaries';
import { subjectLook } from '~/ui/subjects';
import styles from './SubjectRow.module.css';
import type { TeacherSearch } from './search';

const FIRST = [
  'mathematics',
  'physics',
  'russian',
  'english',
  'informatics',
  'chemistry',
  'biology',
  'history',
];

interface Props {
  search: TeacherSearch;
  change: (part: Partial<TeacherSearch>) => void;
}

/** The subjects that are asked for most, each in one press. */
export function SubjectRow({ search, change }: Props) {
  const { t } = useTranslation('scheduling');
  const { options } = useDictionaries();
  const all = options('subjects');
  const first = FIRST.flatMap((code) => all.find(({ value }) => value === code) ?? []);
  return (
    <div className={styles.row}>
      {first.map(({ value, label }) => {
        const { hue, icon: Icon } = subjectLook(value);
        const chosen = search.subject === value;
        return (
          <button
            key={value}
            type="button"
            className={styles.subject}
            aria-pressed={chosen}
            onClick={() => change({ subject: chosen ? undefined : value })}
          >
            <Icon size={18} stroke={1.8} aria-hidden data-subject={hue} />
            {label}
          </button>
        );
      })}
      <Link to="/teachers" search={search} className={styles.more}>
        {t('subjects.more', { count: Math.max(all.length - first.length, 0) })}
      </Link>
    </div>
  );
}
