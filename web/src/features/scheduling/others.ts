import { useTranslation } from 'react-i18next';
import type { Lesson } from './queries';

/** With whom a lesson is: the teacher for a student, the students for a teacher. */
export function useOthers() {
  const { t } = useTranslation('scheduling');
  return (lesson: Lesson): string => {
    if (lesson.my_role === 'student') return lesson.teacher_name ?? t('person.unnamed');
    const names = lesson.bookings
      .filter(({ status }) => status !== 'cancelled' || lesson.status === 'cancelled')
      .map(({ student_name }) => student_name ?? t('person.unnamed'));
    return names.join(', ') || t('lesson.nobody');
  };
}
