import {
  IconBell,
  IconCalendarWeek,
  IconChartLine,
  IconClipboardText,
  IconDatabase,
  IconHandClick,
  IconHistory,
  IconHourglass,
  IconLayoutDashboard,
  IconLifebuoy,
  IconMenu2,
  IconMessage,
  IconNotebook,
  IconPlugConnected,
  IconSchool,
  IconSettings,
  IconTicket,
  IconUserShield,
  IconUsers,
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
const students: Place = { to: '/students', icon: IconSchool, name: 'places.students' };
const classes: Place = { to: '/classes', icon: IconUsersGroup, name: 'places.classes' };
const notifications: Place = { to: '/notifications', icon: IconBell, name: 'places.notifications' };
const help: Place = { to: '/tickets', icon: IconLifebuoy, name: 'places.help' };
const settings: Place = { to: '/settings', icon: IconSettings, name: 'places.settings' };
const dashboard: Place = { to: '/crm', icon: IconLayoutDashboard, name: 'places.dashboard' };
const users: Place = { to: '/crm/users', icon: IconUsers, name: 'places.users' };
const tickets: Place = { to: '/crm/tickets', icon: IconTicket, name: 'places.tickets' };
const canned: Place = { to: '/crm/canned', icon: IconClipboardText, name: 'places.canned' };
const analytics: Place = { to: '/crm/analytics', icon: IconChartLine, name: 'places.analytics' };
const link: Place = { to: '/admin/crm', icon: IconPlugConnected, name: 'places.link' };
const system: Place = { to: '/admin/system', icon: IconDatabase, name: 'places.system' };
const accounts: Place = { to: '/admin/accounts', icon: IconUserShield, name: 'places.accounts' };
const audit: Place = { to: '/audit', icon: IconHistory, name: 'places.audit' };
const more: Place = { to: '/more', icon: IconMenu2, name: 'places.more' };

/** Sections of the rail, by the roles of the account. */
export function groupsOf(account: Account): Group[] {
  const has = (role: Account['roles'][number]) => account.roles.includes(role);
  const groups: Group[] = [];
  if (has('student'))
    groups.push({ places: [home, lessons, calendar, find, messages, requests, waitlist, classes] });
  else if (has('teacher'))
    groups.push({ places: [home, calendar, lessons, requests, students, classes, messages, find] });
  const desk = has('support') || has('admin');
  if (desk || has('analyst')) {
    const places = [dashboard, users];
    if (desk) places.push(tickets, canned);
    if (has('analyst') || has('admin')) places.push(analytics);
    groups.push({ name: 'places.crm', places });
  }
  if (has('admin')) groups.push({ name: 'places.administration', places: [link, system, accounts] });
  if (has('auditor')) groups.push({ name: 'places.auditing', places: [audit] });
  return groups;
}

/** Entries at the bottom of the rail. */
export const FOOT: Place[] = [help, settings];

/** The five places of a phone. All others are behind the last. */
export function phonePlacesOf(account: Account): Place[] {
  const all = groupsOf(account).flatMap(({ places }) => places);
  return [...all.slice(0, 2), ...(all.includes(messages) ? [find, messages] : all.slice(2, 4)), more].slice(
    0,
    5,
  );
}

export const PHONE_ONLY: Place[] = [notifications];
