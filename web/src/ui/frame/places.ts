import {
  type Icon,
  IconHome,
  IconLogin2,
  IconNotebook,
  IconUserPlus,
  IconUserSearch,
} from '@tabler/icons-react';
import type { Account } from '~/features/accounts/queries';

export interface Place {
  to: '/' | '/lessons' | '/teachers' | '/login' | '/register';
  icon: Icon;
  /** Key of the name in `common`. */
  name: string;
}

const home: Place = { to: '/', icon: IconHome, name: 'places.home' };
const lessons: Place = { to: '/lessons', icon: IconNotebook, name: 'places.lessons' };
const find: Place = { to: '/teachers', icon: IconUserSearch, name: 'places.teachers' };
const login: Place = { to: '/login', icon: IconLogin2, name: 'places.login' };
const register: Place = { to: '/register', icon: IconUserPlus, name: 'places.register' };

export function hasLessons(account: Account): boolean {
  return account.roles.includes('student') || account.roles.includes('teacher');
}

/** Entries of the navigation: only pages that exist. */
export function placesOf(account: Account | null): Place[] {
  if (account === null) return [home, find, register, login];
  return hasLessons(account) ? [home, lessons, find] : [home, find];
}
