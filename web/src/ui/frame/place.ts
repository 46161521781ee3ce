import { type Icon, IconHome, IconLogin2, IconUserPlus, IconUserSearch } from '@tabler/icons-react';
import type { LinkProps } from '@tanstack/react-router';
import type { Account } from '~/features/accounts/queries';

export interface Place {
  to: NonNullable<LinkProps['to']>;
  icon: Icon;
  /** Key of the name in `common`. */
  name: string;
}

export const home: Place = { to: '/', icon: IconHome, name: 'places.home' };
export const find: Place = { to: '/teachers', icon: IconUserSearch, name: 'places.teachers' };
const login: Place = { to: '/login', icon: IconLogin2, name: 'places.login' };
const register: Place = { to: '/register', icon: IconUserPlus, name: 'places.register' };

/** The places of a stranger. */
export const STRANGER_PLACES: Place[] = [home, find, register, login];

export function hasLessons(account: Account): boolean {
  return account.roles.includes('student') || account.roles.includes('teacher');
}
