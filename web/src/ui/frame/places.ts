import {
  IconBell,
  IconCalendarWeek,
  IconHandClick,
  IconHourglass,
  IconMenu2,
  IconMessage,
  IconNotebook,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { Account } from '~/features/accounts/queries';
import { find, home, type Place } from './place';

export interface Group {
  /** Key of the name in `common`; the first group has none. */
  name?: string;
  places: Place[];
}

const lessons: Place = { to: '/lessons', icon: IconNotebook, name: 'places.lessons' };
const calendar: Place = { to: '/schedule', icon: IconCalendarWeek, name: 'places.calendar' };
const messages: Place = { to: '/messages', icon: IconMessage, name: 'places.messages' };
const requests: Place = { to: '/requests', icon: IconHandClick, name: 'places.requests' };
const waitlist: Place = { to: '/waitlist', icon: IconHourglass, name: 'places.waitlist' };
const classes: Place = { to: '/classes', icon: IconUsersGroup, name: 'places.classes' };
const notifications: Place = { to: '/notifications', icon: IconBell, name: 'places.notifications' };
const more: Place = { to: '/more', icon: IconMenu2, name: 'places.more' };

/** Sections of the rail, by the roles of the account. */
export function groupsOf(account: Account): Group[] {
  const has = (role: string) => account.roles.includes(role);
  const groups: Group[] = [];
  if (has('student'))
    groups.push({ places: [home, lessons, calendar, find, messages, requests, waitlist, classes] });
  else if (has('teacher'))
    groups.push({ places: [home, calendar, lessons, requests, classes, messages, find] });
  else groups.push({ places: [home, find, messages] });
  return groups;
}

/** Entries at the bottom of the rail. */
export const FOOT: Place[] = [];

/** The five places of a phone. All others are behind the last. */
export function phonePlacesOf(account: Account): Place[] {
  const all = groupsOf(account).flatMap(({ places }) => places);
  return [...all.slice(0, 2), ...(all.includes(messages) ? [find, messages] : all.slice(2, 4)), more].slice(
    0,
    5,
  );
}

export const PHONE_ONLY: Place[] = [notifications];
