import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '~/ui/Button';
import { useDictionaries } from '~/ui/dictionaries';
import { Select, TextInput } from '~/ui/mantine/fields';
import { useFormats } from '~/ui/zone';
import { Choices } from './Choices';
import { FORMATS, RATINGS, type TeacherSearch } from './search';
import { PriceChoices, WhenChoices } from './searchChoices';
import styles from './TeachersPage.module.css';

export interface FiltersProps {
  search: TeacherSearch;
  change: (part: Partial<TeacherSearch>) => void;
  reset: (() => void) | undefined;
  total: number | null;
}

/** All filters of the catalogue. Each takes effect at once. */
export function Filters({ search, change, reset }: FiltersProps) {
  const { t } = useTranslation('scheduling');
  const { options } = useDictionaries();
  const formats = useFormats();
  const list = (name: 'subject' | 'goal' | 'grade', dictionary: string) => ({
    label: t(`search.${name}`),
    placeholder: t('search.any'),
    data: options(dictionary),
    value: search[name] ?? null,
    onChange: (value: string | null) => change({ [name]: value ?? undefined }),
    clearable: true,
    searchable: true,
    nothingFoundMessage: t('search.nothing'),
    clearButtonProps: { 'aria-label': t('search.clear') },
  });
  return (
    <div className={styles.form}>
      <WordsField value={search.q} change={(q) => change({ q })} />
      <Select {...list('subject', 'subjects')} />
      <Select {...list('goal', 'goals')} />
      <Select {...list('grade', 'grades')} />
      <WhenChoices search={search} change={change} />
      <PriceChoices search={search} change={change} look="chips" shown />
      <Choices
        legend={t('search.format')}
        shown
        look="chips"
        choices={[
          { value: undefined, label: t('search.any') },
          ...options('formats').flatMap(({ value, label }) => {
            const format = FORMATS.find((name) => name === value);
            return format ? [{ value: format, label }] : [];
          }),
        ]}
        value={search.format}
        onChange={(format) => change({ format })}
      />
      <Choices
        legend={t('search.rating')}
        shown
        look="chips"
        choices={[
          { value: undefined, label: t('search.any') },
          ...RATINGS.map((value) => ({
            value: value as number,
            label: t('search.ratingFrom', { value: formats.number(value, 1) }),
          })),
        ]}
        value={search.rating}
        onChange={(rating) => change({ rating })}
      />
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={search.all ?? false}
          onChange={(event) => change({ all: event.currentTarget.checked || undefined })}
        />
        {t('search.all')}
      </label>
      {reset && (
        <Button variant="quiet" onClick={reset}>
          {t('search.resetAll')}
        </Button>
      )}
    </div>
  );
}

const PAUSE_MS = 250;

/** Words to search for. They are asked for after a pause; the last ones win. */
export function WordsField({
  value,
  change,
}: {
  value: string | undefined;
  change: (q: string | undefined) => void;
}) {
  const { t } = useTranslation('scheduling');
  const [text, setText] = useState(value ?? '');

  useEffect(() => setText(value ?? ''), [value]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the pause
  useEffect(() => {
    const words = text.trim();
    if (words === (value ?? '')) return;
    const timer = setTimeout(() => change(words || undefined), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <TextInput
      type="search"
      label={t('search.words')}
      placeholder={t('search.wordsExample')}
      leftSection={<IconSearch size={18} stroke={1.8} aria-hidden />}
      value={text}
      maxLength={100}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
