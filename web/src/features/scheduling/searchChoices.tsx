import { useTranslation } from 'react-i18next';
import { useDictionaries } from '~/ui/dictionaries';
import { subjectLook } from '~/ui/subjects';
import { useFormats } from '~/ui/zone';
import { Choices } from './Choices';
import { DAYS, PRICES, type TeacherSearch, TIMES } from './search';

export interface SearchPartProps {
  search: TeacherSearch;
  change: (part: Partial<TeacherSearch>) => void;
  look?: 'rows' | 'chips';
  shown?: boolean;
}

export function SubjectChoices({ search, change, look, shown }: SearchPartProps) {
  const { t } = useTranslation('scheduling');
  const { options } = useDictionaries();
  const choices = options('subjects').map(({ value, label }) => {
    const { hue, icon: Icon } = subjectLook(value);
    return {
      value,
      label: (
        <>
          <Icon size={18} stroke={1.8} aria-hidden data-subject={hue} style={{ color: 'var(--subject)' }} />
          {label}
        </>
      ),
    };
  });
  return (
    <Choices
      legend={t('search.subject')}
      shown={shown}
      look={look}
      choices={[{ value: undefined, label: t('search.anySubject') }, ...choices]}
      value={search.subject}
      onChange={(subject) => change({ subject })}
    />
  );
}

export function GoalChoices({ search, change, look, shown }: SearchPartProps) {
  const { t } = useTranslation('scheduling');
  const { options } = useDictionaries();
  return (
    <Choices
      legend={t('search.goal')}
      shown={shown}
      look={look}
      choices={[{ value: undefined, label: t('search.anyGoal') }, ...options('goals')]}
      value={search.goal}
      onChange={(goal) => change({ goal })}
    />
  );
}

export function WhenChoices({ search, change }: SearchPartProps) {
  const { t } = useTranslation('scheduling');
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <Choices
        legend={t('search.days')}
        shown
        look="chips"
        choices={[
          { value: undefined, label: t('search.anyDay') },
          ...DAYS.map((value) => ({ value, label: t(`days.${value}`) })),
        ]}
        value={search.days}
        onChange={(days) => change({ days })}
      />
      <Choices
        legend={t('search.time')}
        shown
        look="chips"
        choices={[
          { value: undefined, label: t('search.anyTime') },
          ...TIMES.map((value) => ({ value, label: t(`times.${value}`) })),
        ]}
        value={search.time}
        onChange={(time) => change({ time })}
      />
    </div>
  );
}

export function PriceChoices({ search, change, look, shown }: SearchPartProps) {
  const { t } = useTranslation('scheduling');
  const formats = useFormats();
  const upTo = (value: number) =>
    t('search.upTo', { price: formats.money({ amount: value * 100, currency: 'RUB' }) });
  return (
    <Choices
      legend={t('search.price')}
      shown={shown}
      look={look}
      choices={[
        { value: undefined, label: t('search.anyPrice') },
        ...PRICES.map((value) => ({ value: value as number, label: upTo(value) })),
      ]}
      value={search.price}
      onChange={(price) => change({ price })}
    />
  );
}

/** The search in words, part by part. */
export function useSearchWords(search: TeacherSearch) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const formats = useFormats();
  const when = [search.days && t(`days.${search.days}`), search.time && t(`times.${search.time}`)].filter(
    Boolean,
  );
  return {
    subject: search.subject ? label('subjects', search.subject) : t('search.anySubject'),
    goal: search.goal ? label('goals', search.goal) : t('search.anyGoal'),
    when: when.length > 0 ? when.join(', ') : t('search.anyTime'),
    price: search.price
      ? t('search.upTo', { price: formats.money({ amount: search.price * 100, currency: 'RUB' }) })
      : t('search.anyPrice'),
  };
}
