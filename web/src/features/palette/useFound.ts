import { useDebouncedValue } from '@mantine/hooks';
import { IconNotebook, IconTicket, IconUser, IconUserSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Account } from '~/features/accounts/queries';
import { useOthers } from '~/features/scheduling/others';
import { useDictionaries } from '~/ui/dictionaries';
import { hasLessons } from '~/ui/frame/place';
import { useFormats } from '~/ui/zone';
import { type Group, matches } from './found';
import { comingLessonsQuery, foundTeachersQuery, foundTicketsQuery, foundUsersQuery } from './queries';
import { usePages } from './usePages';

const PAUSE_MS = 150;
const FEW = 5;

/** Finds what fits the typed words, by kind. The API is asked once the typing rests. */
export function useFound(account: Account, typed: string): { groups: Group[]; busy: boolean } {
  const { t } = useTranslation('palette');
  const navigate = useNavigate();
  const formats = useFormats();
  const { label } = useDictionaries();
  const others = useOthers();
  const { pages, actions } = usePages(account, typed);
  const [q] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const asks = q.length > 1;
  const is = (...roles: string[]) => account.roles.some((role) => roles.includes(role));
  const lessons = useQuery({ ...comingLessonsQuery, enabled: asks && hasLessons(account) });
  const teachers = useQuery({ ...foundTeachersQuery(q), enabled: asks && is('student') });
  const users = useQuery({ ...foundUsersQuery(q), enabled: asks && is('support', 'analyst', 'admin') });
  const tickets = useQuery({ ...foundTicketsQuery(q), enabled: asks && is('support', 'admin') });

  const foundLessons = (asks ? (lessons.data ?? []) : [])
    .filter((lesson) => matches(`${label('subjects', lesson.subject)} ${others(lesson)}`, q))
    .slice(0, FEW);
  const groups: Group[] = [
    { name: 'pages', found: pages },
    {
      name: 'lessons',
      found: foundLessons.map((lesson) => ({
        id: lesson.id,
        icon: IconNotebook,
        title: `${label('subjects', lesson.subject)}, ${others(lesson)}`,
        note: `${formats.shortDay(lesson.starts_at)}, ${formats.time(lesson.starts_at)}`,
        run: () => navigate({ to: '/lessons/$id', params: { id: lesson.id } }),
      })),
    },
    {
      name: 'teachers',
      found: (asks ? (teachers.data ?? []) : []).map(({ id, name, subjects }) => ({
        id,
        icon: IconUserSearch,
        title: name ?? t('unnamed'),
        note: subjects.map((code) => label('subjects', code)).join(', '),
        run: () => navigate({ to: '/teachers/$id', params: { id } }),
      })),
    },
    {
      name: 'people',
      found: (asks ? (users.data ?? []) : []).map(({ id, name, email, nickname }) => ({
        id,
        icon: IconUser,
        title: name,
        note: email ?? (nickname ? `@${nickname}` : null),
        run: () => navigate({ to: '/crm/users/$id', params: { id } }),
      })),
    },
    {
      name: 'tickets',
      found: (asks ? (tickets.data ?? []) : []).map(({ id, title, requester_name }) => ({
        id,
        icon: IconTicket,
        title: title ?? t('untitled'),
        note: requester_name,
        run: () => navigate({ to: '/crm/tickets/$id', params: { id } }),
      })),
    },
    { name: 'actions', found: actions },
  ];
  const busy = [lessons, teachers, users, tickets].some((query) => query.isLoading);
  return { groups: groups.filter(({ found }) => found.length > 0), busy };
}
