import type { Account } from '../queries';

export interface ProfileField {
  name: string;
  kind: 'text' | 'long' | 'number' | 'money' | 'one' | 'many' | 'flag';
  /** Name of the dictionary. */
  list?: string;
}

const ALL: ProfileField[] = [
  { name: 'name', kind: 'text' },
  { name: 'nickname', kind: 'text' },
];

const STUDENT: ProfileField[] = [
  { name: 'subjects', kind: 'many', list: 'subjects' },
  { name: 'goals', kind: 'many', list: 'goals' },
  { name: 'grade', kind: 'one', list: 'grades' },
  { name: 'experience', kind: 'one', list: 'student_experience' },
  { name: 'learning_style', kind: 'one', list: 'learning_styles' },
  { name: 'school', kind: 'text' },
  { name: 'city', kind: 'text' },
  { name: 'parent_name', kind: 'text' },
  { name: 'parent_phone', kind: 'text' },
  { name: 'bio', kind: 'long' },
];

const TEACHER: ProfileField[] = [
  { name: 'subjects', kind: 'many', list: 'subjects' },
  { name: 'goals', kind: 'many', list: 'goals' },
  { name: 'grades', kind: 'many', list: 'grades' },
  { name: 'formats', kind: 'many', list: 'formats' },
  { name: 'durations', kind: 'many', list: 'durations' },
  { name: 'lesson_types', kind: 'many', list: 'lesson_types' },
  { name: 'experience', kind: 'one', list: 'teacher_experience' },
  { name: 'experience_years', kind: 'number' },
  { name: 'teacher_type', kind: 'one', list: 'teacher_types' },
  { name: 'hourly_rate', kind: 'money' },
  { name: 'city', kind: 'text' },
  { name: 'takes_requests', kind: 'flag' },
  { name: 'bio', kind: 'long' },
];

/** Fields of the profile by role. */
export function fieldsOf({ roles }: Account): ProfileField[] {
  if (roles.includes('teacher')) return [...ALL, ...TEACHER];
  return roles.includes('student') ? [...ALL, ...STUDENT] : ALL;
}
