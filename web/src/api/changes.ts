import { keys } from './cache';

const lessons = [keys.lessons, keys.teachers, keys.slots];
const TOUCHES: [RegExp, (readonly string[])[]][] = [
  [/^(seat_booked|booking|lesson|reschedule|no_show)/, lessons],
  [/^(slot|hold|seat_held|series)/, lessons],
  [/^(account|profile|avatar|role|email|phone)/, [keys.account, keys.home]],
  [/^(message|conversation|participant)/, [keys.conversations, keys.home]],
  [/^notification/, [keys.notifications]],
  [/^request/, [keys.requests, keys.home]],
  [/^(waitlist|seat_offered|offer)/, [keys.waitlist, keys.home]],
  [/^(class|student)/, [keys.classes]],
  [
    /^(ticket|reply|internal_note|status|priority|category|tags|duplicate|first_response|resolution|satisfaction)/,
    [keys.tickets, keys.crm],
  ],
];

/** Which lists an event touches. Only what is on screen is fetched again. */
export function changedBy(type: string): (readonly string[])[] {
  const found = TOUCHES.find(([pattern]) => pattern.test(type));
  return found ? found[1] : [];
}
