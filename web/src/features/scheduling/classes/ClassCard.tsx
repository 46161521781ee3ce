import { IconUsersGroup } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Avatar } from '~/ui/Avatar';
import { Button } from '~/ui/Button';
import { Chip } from '~/ui/Chip';
import { useDictionaries } from '~/ui/dictionaries';
import { FormAlert } from '~/ui/FormAlert';
import { itemsOf } from '~/ui/Listed';
import { Select } from '~/ui/mantine/fields';
import { Card } from '~/ui/Page';
import { lessonsQuery } from '../queries';
import styles from '../requests/Requests.module.css';
import { useAddStudent, useCloseClass, useRemoveStudent } from './commands';
import type { Class } from './queries';

/** One group: what it learns, who is in it. Its teacher adds people whom they have taught. */
export function ClassCard({ one, teacher }: { one: Class; teacher: boolean }) {
  const { t } = useTranslation('calendar');
  const { label } = useDictionaries();
  const add = useAddStudent();
  const remove = useRemoveStudent();
  const end = useCloseClass();
  const lessons = useInfiniteQuery({ ...lessonsQuery({}), enabled: teacher });
  const known = new Map(
    (itemsOf(lessons) ?? []).flatMap((lesson) =>
      lesson.bookings.flatMap(({ student_id, student_name }) =>
        student_id && student_name ? [[student_id, student_name] as const] : [],
      ),
    ),
  );
  const options = [...known]
    .filter(([id]) => !one.students.some((student) => student.id === id))
    .map(([value, name]) => ({ value, label: name }));
  const open = teacher && one.status !== 'closed';
  return (
    <Card>
      <header className={styles.head}>
        <span className={styles.dot} style={{ background: one.colour }} aria-hidden>
          <IconUsersGroup size={22} stroke={1.8} />
        </span>
        <div>
          <h2>{one.name ?? label('subjects', one.subject)}</h2>
          <p>
            {[
              label('subjects', one.subject),
              t('requests.grade', { grade: label('grades', one.grade) }),
              teacher ? null : one.teacher_name,
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        <Chip tone={one.status === 'closed' ? 'neutral' : 'accent'}>
          {one.status === 'closed'
            ? t('classes.closed')
            : t('classes.seats', { taken: one.students_count, capacity: one.capacity })}
        </Chip>
      </header>
      {one.description && <p className={styles.said}>{one.description}</p>}
      <ul className={styles.roster}>
        {one.students.map((student) => (
          <li key={student.id}>
            <Avatar id={student.id} name={student.name} size={32} />
            {student.name}
            {open && (
              <Button
                size="small"
                variant="quiet"
                onClick={() => remove.mutate({ id: one.id, student: student.id })}
              >
                {t('classes.remove')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <FormAlert error={add.error ?? remove.error ?? end.error} />
      {open && (
        <div className={styles.answer}>
          <Select
            label={t('classes.add')}
            placeholder={t('classes.choose')}
            data={options}
            value={null}
            searchable
            nothingFoundMessage={t('classes.nobody')}
            disabled={one.students_count >= one.capacity}
            onChange={(student) => student && add.mutate({ id: one.id, student })}
          />
          <Button
            variant="danger"
            busy={end.isPending ? t('saving') : null}
            onClick={() => end.mutate(one.id)}
          >
            {t('classes.close')}
          </Button>
        </div>
      )}
    </Card>
  );
}
