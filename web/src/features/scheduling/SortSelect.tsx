import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from './SortSelect.module.css';
import { SORTS, type TeacherSearch } from './search';

interface Props {
  value: TeacherSearch['sort'];
  change: (sort: TeacherSearch['sort']) => void;
}

/** A plain select: it opens as the system's own, on phones too. */
export function SortSelect({ value, change }: Props) {
  const { t } = useTranslation('scheduling');
  return (
    <label className={styles.sort}>
      <span>{t('sort.label')}</span>
      <select
        value={value ?? 'next_free'}
        onChange={(event) => {
          const sort = SORTS.find((name) => name === event.currentTarget.value);
          change(sort === 'next_free' ? undefined : sort);
        }}
      >
        {SORTS.map((name) => (
          <option key={name} value={name}>
            {t(`sort.${name.replace('-', '')}`)}
          </option>
        ))}
      </select>
      <IconChevronDown size={16} stroke={2} aria-hidden />
    </label>
  );
}
