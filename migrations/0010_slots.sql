-- Read model of slots and the bookings in them: the slot calendar, lessons, free seats.
-- Follows from the events alone; no foreign keys, no triggers (projections/README.md).

create table app.slots (
  slot_id uuid primary key,
  teacher uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  zone text not null,
  subject text not null,
  lesson_type text not null check (lesson_type in ('regular', 'trial')),
  format text not null check (format in ('online', 'offline', 'mini_group')),
  -- Of one seat, in minor units of the ISO 4217 currency.
  price bigint not null,
  currency text not null,
  capacity smallint not null,
  min_participants smallint,
  goals text[] not null,
  grades text[] not null,
  -- Personal to the teacher: null once that person is erased.
  place text,
  series_id uuid,
  class_id uuid,
  request_id uuid,
  stage text not null check (stage in ('offered', 'started', 'completed', 'withdrawn', 'cancelled')),
  seats_taken smallint not null,
  seats_held smallint not null,
  -- Who stands in line and has no offer yet; an offer is a held seat.
  waiting smallint not null,
  -- A seat can be booked by somebody who comes by: offered, for no class, more seats than are taken,
  -- held or waited for. Whether it lies in the future is asked with the time.
  free boolean not null,
  -- The open proposal to move it.
  proposal_id uuid,
  proposal_by text check (proposal_by in ('student', 'teacher')),
  proposal_starts_at timestamptz,
  proposal_ends_at timestamptz,
  proposal_expires_at timestamptz,
  -- Personal to the teacher, like the place.
  report text,
  teacher_absent boolean not null,
  opened_at timestamptz not null,
  started_at timestamptz,
  completed_at timestamptz,
  -- Counts the changes of time, of who comes, and the cancellation: SEQUENCE in calendars (RFC 5545).
  calendar_sequence integer not null,
  version bigint not null
) with (fillfactor = 80);
create index slots_teacher on app.slots (teacher, starts_at, slot_id);
create index slots_free on app.slots (teacher, starts_at) include (price, currency) where free;
create index slots_free_by_time on app.slots (starts_at, teacher) where free;
create index slots_series on app.slots (series_id, starts_at) where series_id is not null;
create index slots_class on app.slots (class_id, starts_at) where class_id is not null;
comment on table app.slots is 'Offered times of teachers; with a booking, a slot is a lesson';

create table app.bookings (
  booking_id uuid primary key,
  -- Where the booking is now: it keeps its id when it moves.
  slot_id uuid not null,
  student uuid not null,
  teacher uuid not null,
  -- Personal to the student.
  note text,
  price bigint not null,
  currency text not null,
  booked_by text not null,
  -- `moved_out` only for the moment between the two events of a move.
  stage text not null check (stage in ('booked', 'cancelled', 'no_show', 'moved_out')),
  cancelled_by text,
  -- Personal to `cancel_reason_by`, who wrote it.
  cancel_reason text,
  cancel_reason_by uuid,
  late boolean,
  -- Minor units of `currency`.
  fee bigint,
  booked_at timestamptz not null,
  cancelled_at timestamptz,
  -- Of the slot, kept here so that a student's lessons are found by time.
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  rating smallint,
  -- Personal to the student, like the note.
  review text,
  reviewed_at timestamptz
) with (fillfactor = 80);
create index bookings_slot on app.bookings (slot_id, booked_at, booking_id);
create index bookings_student on app.bookings (student, starts_at, booking_id);
create index bookings_teacher_student on app.bookings (teacher, student);
create index bookings_reviews on app.bookings (teacher, reviewed_at, booking_id) where rating is not null;
comment on table app.bookings is 'Seats that were booked, also those that were cancelled';

-- Holds: seats kept for a while; gone when they end.
create table app.seat_holds (
  hold_id uuid primary key,
  slot_id uuid not null,
  student uuid not null,
  expires_at timestamptz not null,
  offered_to uuid
);
create index seat_holds_slot on app.seat_holds (slot_id);
comment on table app.seat_holds is 'Seats that are kept for somebody for a while';
