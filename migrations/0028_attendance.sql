-- Attendance in lesson rooms, as the signaling service reported it. The rows follow from the events alone and
-- hold ids, codes, numbers and instants; names are joined when they are read, so an erasure leaves pseudonyms.

create table app.lesson_stays (
  slot_id uuid not null,
  connection_id uuid not null,
  participant uuid not null,
  role text not null check (role in ('teacher', 'student', 'observer')),
  joined_at timestamptz not null,
  -- Null while the stay goes on.
  left_at timestamptz,
  cause text,
  -- As reported: whole seconds, rounded to the nearest.
  seconds bigint,
  primary key (slot_id, connection_id)
) with (fillfactor = 80);
comment on table app.lesson_stays is 'Stays of people in lesson rooms, one for each connection';

create table app.proposed_absences (
  slot_id uuid not null,
  booking_id uuid not null,
  student uuid not null,
  proposed_at timestamptz not null,
  primary key (slot_id, booking_id)
);
comment on table app.proposed_absences is 'Booked students who were in no room of a lesson that its teacher attended';
