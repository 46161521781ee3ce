-- What analysts may query by themselves (ANALYSTS.md): views beside the tables of schema crm, and a role that
-- may read these and nothing else. Contacts are masked here as in the API (projections/src/crm/visibility.rs);
-- what people wrote is not shown at all.

-- A group without a login: whoever runs the school grants it to the logins of people and tools. Roles belong
-- to the whole server, so another database may have made it, or be making it now.
do $$
begin
  create role kafedra_analyst nologin;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise notice 'role kafedra_analyst is not made: % may not create roles (migrations/ANALYSTS.md)', current_user;
end
$$;

create function crm.masked_email(email text) returns text
language sql immutable parallel safe strict
return left(regexp_replace(email, '@[^@]*$', ''), 1) || '•••@' || coalesce(left(substring(email from '@([^@]*)$'), 1), '') || '•••.'
  || coalesce(substring(substring(email from '@([^@]*)$') from '\.([^.]*)$'), '');
comment on function crm.masked_email is 'anna.petrova@example.com → a•••@e•••.com';

create function crm.masked_phone(phone text) returns text
language sql immutable parallel safe strict
return case
  when length(regexp_replace(phone, '[^0-9]', '', 'g')) > 5
    then '+' || left(regexp_replace(phone, '[^0-9]', '', 'g'), 1) || '•••••'
      || right(regexp_replace(phone, '[^0-9]', '', 'g'), 2)
  else '•••••'
end;
comment on function crm.masked_phone is '+79991234567 → +7•••••67';

-- people --------------------------------------------------------------------------------------------
create view crm.people as
select
  account_id, type, status, roles, name, nickname,
  crm.masked_email(email) as email, crm.masked_phone(phone) as phone,
  subjects, registered_at, last_active_at, lessons_completed, rating, tickets_open
from crm.users;
comment on view crm.people is 'One row per person who ever registered';
comment on column crm.people.account_id is 'The id of the person, everywhere';
comment on column crm.people.type is 'student, teacher or staff; a teacher who also learns is a teacher';
comment on column crm.people.status is 'active, suspended or erased';
comment on column crm.people.roles is 'Roles that the person has now';
comment on column crm.people.name is 'Null once the person is erased';
comment on column crm.people.nickname is 'Null once the person is erased';
comment on column crm.people.email is 'Masked; null once the person is erased';
comment on column crm.people.phone is 'Masked; null where there is none, and once the person is erased';
comment on column crm.people.subjects is 'Codes of the subjects that the person learns or teaches';
comment on column crm.people.registered_at is 'When the person registered';
comment on column crm.people.last_active_at is 'When the person last did something with their account';
comment on column crm.people.lessons_completed is 'Of a teacher: lessons held; of a student: lessons attended';
comment on column crm.people.rating is 'Of a teacher: the average of the reviews, 1 to 5; null without any';
comment on column crm.people.tickets_open is 'Tickets of the person that are not resolved';

create view crm.person_events as
select position, account_id, recorded_at, type
from crm.timeline;
comment on view crm.person_events is 'Every event of a person; an event that concerns several people has a row for each';
comment on column crm.person_events.position is 'Of the event in the whole log: the order in which everything happened';
comment on column crm.person_events.account_id is 'Whom it concerns';
comment on column crm.person_events.recorded_at is 'When it happened';
comment on column crm.person_events.type is 'What happened, as the audit names it';

-- support -------------------------------------------------------------------------------------------
create view crm.support_tickets as
select
  ticket_id, requester as requester_id, assignee as assignee_id, status, priority, category, tags, channel,
  merged_into, opened_at, updated_at, first_response_at, resolved_at, replies, notes, rating,
  first_response_due_at, resolution_due_at, first_response_missed_at, resolution_missed_at
from crm.tickets;
comment on view crm.support_tickets is 'Support tickets as they are now, without their texts';
comment on column crm.support_tickets.ticket_id is 'The id of the ticket';
comment on column crm.support_tickets.requester_id is 'Who asks: an account of crm.people';
comment on column crm.support_tickets.assignee_id is 'The agent who has it; null while nobody does';
comment on column crm.support_tickets.status is 'open, in_progress, waiting (the requester has to answer), resolved or closed';
comment on column crm.support_tickets.priority is 'low, medium, high or urgent';
comment on column crm.support_tickets.category is 'What it is about';
comment on column crm.support_tickets.tags is 'Tags that agents gave it';
comment on column crm.support_tickets.channel is 'How it came: web, agent or system';
comment on column crm.support_tickets.merged_into is 'The ticket in which this one goes on; it then stands as closed';
comment on column crm.support_tickets.opened_at is 'When it was opened';
comment on column crm.support_tickets.updated_at is 'When something last happened to it';
comment on column crm.support_tickets.first_response_at is 'When somebody else than the requester first replied';
comment on column crm.support_tickets.resolved_at is 'Since when it is resolved or closed';
comment on column crm.support_tickets.replies is 'Replies of the requester and of agents';
comment on column crm.support_tickets.notes is 'Internal notes of agents';
comment on column crm.support_tickets.rating is 'How satisfied the requester is, 1 to 5';
comment on column crm.support_tickets.first_response_due_at is 'By when somebody has to reply, while the clock runs';
comment on column crm.support_tickets.resolution_due_at is 'By when it has to be resolved, while the clock runs';
comment on column crm.support_tickets.first_response_missed_at is 'When the first reply was due and had not come';
comment on column crm.support_tickets.resolution_missed_at is 'When the resolution was due and had not come';

-- lessons -------------------------------------------------------------------------------------------
create view crm.lessons as
select
  slot_id as lesson_id, teacher as teacher_id, starts_at, ends_at, zone as time_zone, subject, lesson_type,
  format, price, currency, capacity, seats_taken, stage, teacher_absent, series_id, class_id, request_id,
  opened_at, started_at, completed_at
from app.slots;
comment on view crm.lessons is 'Times that teachers offered; with a seat taken, a lesson';
comment on column crm.lessons.lesson_id is 'The id of the slot and of the lesson in it';
comment on column crm.lessons.teacher_id is 'Who offers it: an account of crm.people';
comment on column crm.lessons.starts_at is 'When it begins';
comment on column crm.lessons.ends_at is 'When it ends';
comment on column crm.lessons.time_zone is 'The zone in which the teacher offered it';
comment on column crm.lessons.subject is 'Code of the subject';
comment on column crm.lessons.lesson_type is 'regular or trial';
comment on column crm.lessons.format is 'online, offline or mini_group';
comment on column crm.lessons.price is 'Of one seat, in minor units of the currency';
comment on column crm.lessons.currency is 'ISO 4217';
comment on column crm.lessons.capacity is 'How many seats there are';
comment on column crm.lessons.seats_taken is 'How many of them are booked';
comment on column crm.lessons.stage is 'offered, started, completed, withdrawn or cancelled';
comment on column crm.lessons.teacher_absent is 'The teacher did not come';
comment on column crm.lessons.series_id is 'The series that opened it, if one did';
comment on column crm.lessons.class_id is 'The class for which it is, if it is for one';
comment on column crm.lessons.request_id is 'The lesson request that it answers, if it does';
comment on column crm.lessons.opened_at is 'When it was offered';
comment on column crm.lessons.started_at is 'When the teacher started it';
comment on column crm.lessons.completed_at is 'When the teacher completed it';

create view crm.seats as
select
  booking_id, slot_id as lesson_id, student as student_id, teacher as teacher_id, price, currency, booked_by,
  stage, cancelled_by, late as cancelled_late, fee, booked_at, cancelled_at, starts_at, ends_at, rating,
  reviewed_at
from app.bookings;
comment on view crm.seats is 'Seats that were booked, also those that were cancelled';
comment on column crm.seats.booking_id is 'The id of the booking; it stays when the lesson moves';
comment on column crm.seats.lesson_id is 'Where the seat is now: crm.lessons';
comment on column crm.seats.student_id is 'Who sits there: an account of crm.people';
comment on column crm.seats.teacher_id is 'Whose lesson it is: an account of crm.people';
comment on column crm.seats.price is 'As it was agreed, in minor units of the currency';
comment on column crm.seats.currency is 'ISO 4217';
comment on column crm.seats.booked_by is 'Who booked it';
comment on column crm.seats.stage is 'booked, cancelled or no_show (the student did not come)';
comment on column crm.seats.cancelled_by is 'Which side cancelled it';
comment on column crm.seats.cancelled_late is 'Whether it was cancelled too late to be free';
comment on column crm.seats.fee is 'Of a late cancellation, in minor units of the currency';
comment on column crm.seats.booked_at is 'When it was booked';
comment on column crm.seats.cancelled_at is 'When it was cancelled';
comment on column crm.seats.starts_at is 'When the lesson begins';
comment on column crm.seats.ends_at is 'When the lesson ends';
comment on column crm.seats.rating is 'What the student thinks of the lesson, 1 to 5';
comment on column crm.seats.reviewed_at is 'When the student said so';

create view crm.requests as
select
  request_id, student as student_id, subject, grade, goals, duration_minutes, format, starts_at, max_price,
  max_price_currency, status, requested_at, expires_at, accepted_by as accepted_by_id, slot_id as lesson_id,
  price, price_currency, asked, declined
from app.lesson_requests;
comment on view crm.requests is 'Requests of students for a lesson, as they are now';
comment on column crm.requests.request_id is 'The id of the request';
comment on column crm.requests.student_id is 'Who asks: an account of crm.people';
comment on column crm.requests.subject is 'Code of the subject';
comment on column crm.requests.grade is 'Code of the grade';
comment on column crm.requests.goals is 'Codes of what the student wants to reach';
comment on column crm.requests.duration_minutes is 'How long the lesson shall be';
comment on column crm.requests.format is 'online, offline or mini_group';
comment on column crm.requests.starts_at is 'When the lesson shall begin';
comment on column crm.requests.max_price is 'What it may cost at most, in minor units of its currency';
comment on column crm.requests.max_price_currency is 'ISO 4217';
comment on column crm.requests.status is 'open, accepted, cancelled or expired';
comment on column crm.requests.requested_at is 'When it was asked';
comment on column crm.requests.expires_at is 'When it ends without an answer';
comment on column crm.requests.accepted_by_id is 'The teacher who has the lesson: an account of crm.people';
comment on column crm.requests.lesson_id is 'The lesson that came of it: crm.lessons';
comment on column crm.requests.price is 'Of that lesson, in minor units of its currency';
comment on column crm.requests.price_currency is 'ISO 4217';
comment on column crm.requests.asked is 'How many teachers were asked';
comment on column crm.requests.declined is 'How many of them declined';

-- figures -------------------------------------------------------------------------------------------
create view crm.figures as
select
  position, measure, at, day, class, nullif(detail, '') as detail, value, nullif(unit, '') as currency, subject,
  owner as owner_id, nullif(since, '-infinity') as since, entity_type, entity_id, recorded_day, until
from crm.facts;
comment on view crm.figures is 'What the reports count, each by itself (projections/src/crm/analytics/README.md); where until is null, as of now';
comment on column crm.figures.position is 'The event by which it counts, in the whole log';
comment on column crm.figures.measure is 'What is measured: registered, booked, held, ticket …';
comment on column crm.figures.at is 'When it counts';
comment on column crm.figures.day is 'The day of that in the zone of the school';
comment on column crm.figures.class is 'By what it is told apart first; what that is, depends on the measure';
comment on column crm.figures.detail is 'By what it is told apart besides';
comment on column crm.figures.value is 'How much: 1, minutes, seconds, a rating, or minor units of the currency';
comment on column crm.figures.currency is 'ISO 4217, of money';
comment on column crm.figures.subject is 'Code of the subject, of lessons and requests';
comment on column crm.figures.owner_id is 'The teacher of the lesson, the agent of the ticket';
comment on column crm.figures.since is 'Of active: the day before on which the person was active';
comment on column crm.figures.entity_type is 'account, booking, lesson, lesson_request, waitlist_entry, ticket or message';
comment on column crm.figures.entity_id is 'What it is about';
comment on column crm.figures.recorded_day is 'The day on which the event was recorded';
comment on column crm.figures.until is 'The event that ended it; null while it counts';

create view crm.figures_by_day as
select
  measure, day, class, nullif(detail, '') as detail, nullif(unit, '') as currency, sum(facts)::bigint as facts,
  sum(total)::bigint as total
from crm.fact_days
group by measure, day, class, detail, unit
having sum(facts) <> 0;
comment on view crm.figures_by_day is 'What the reports count, by day of the school, as of now';
comment on column crm.figures_by_day.measure is 'As in crm.figures';
comment on column crm.figures_by_day.day is 'The day on which it counts';
comment on column crm.figures_by_day.class is 'As in crm.figures';
comment on column crm.figures_by_day.detail is 'As in crm.figures';
comment on column crm.figures_by_day.currency is 'ISO 4217, of money';
comment on column crm.figures_by_day.facts is 'How many there are';
comment on column crm.figures_by_day.total is 'The sum of their values';

-- grants --------------------------------------------------------------------------------------------
do $$
begin
  if exists (select from pg_catalog.pg_roles where rolname = 'kafedra_analyst') then
    grant usage on schema crm to kafedra_analyst;
    grant select on
      crm.people, crm.person_events, crm.support_tickets, crm.lessons, crm.seats, crm.requests, crm.figures,
      crm.figures_by_day
      to kafedra_analyst;
  end if;
end
$$;
