import { useTranslation } from 'react-i18next';
import { readEducation, readMoney } from '~/api/shapes';
import { useDictionaries } from '~/ui/dictionaries';
import { useFormats } from '~/ui/zone';
import type { TeacherCard } from './queries';
import styles from './TeacherPage.module.css';

/** Teacher's own description of the lessons and of themselves. */
export function TeacherAbout({ teacher }: { teacher: TeacherCard }) {
  const { t } = useTranslation('scheduling');
  const { label } = useDictionaries();
  const formats = useFormats();
  const rate = readMoney(teacher.hourly_rate);
  const education = readEducation(teacher.education);
  const list = (dictionary: string, codes: readonly string[]) =>
    codes.map((code) => label(dictionary, code)).join(', ');
  const gradesInWords = (codes: readonly string[]) => {
    const years = codes.map(Number).filter(Number.isInteger);
    const [from, to] = [Math.min(...years), Math.max(...years)];
    const isRun = years.length > 2 && to - from === years.length - 1;
    if (!isRun) return list('grades', codes);
    const others = codes.filter((code) => !/^\d+$/.test(code));
    return [t('teacher.gradeRun', { from, to }), ...others.map((code) => label('grades', code))].join(', ');
  };
  const facts: [name: string, value: string][] = [
    ['grades', gradesInWords(teacher.grades)],
    ['formats', list('formats', teacher.formats)],
    ['durations', list('durations', teacher.durations.map(String))],
    ['level', teacher.experience ? label('teacher_experience', teacher.experience) : ''],
    ['works', teacher.teacher_type ? label('teacher_types', teacher.teacher_type) : ''],
    ['city', teacher.city ?? ''],
    ['rate', rate ? formats.money(rate) : ''],
    [
      'education',
      [education?.university, education?.degree, education?.graduationYear]
        .filter((part) => part != null)
        .join(', '),
    ],
    ['courses', education?.courses.join(', ') ?? ''],
  ];
  const known = facts.filter(([, value]) => value !== '');
  if (known.length === 0) return null;
  return (
    <section className={styles.card} aria-labelledby="about">
      <h2 id="about">{t('teacher.about')}</h2>
      <dl className={styles.facts}>
        {known.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`teacher.facts.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
