-- Read model of lesson requests: what students ask for, who was asked, why others were not.
-- Follows from the events alone; no foreign keys, no triggers (projections/README.md).

create table app.lesson_requests (
  request_id uuid primary key,
  student uuid not null,
  grade text not null,
  subject text not null,
  goals text[] not null,
  -- Of the teacher.
  experience text,
  duration_minutes smallint not null,
  format text not null check (format in ('online', 'offline', 'mini_group')),
  -- Personal to the student: null once that person is erased.
  city text,
  comment text,
  starts_at timestamptz not null,
  -- In minor units of the ISO 4217 currency.
  max_price bigint,
  max_price_currency text,
  status text not null check (status in ('open', 'accepted', 'cancelled', 'expired')),
  expires_at timestamptz not null,
  requested_at timestamptz not null,
  -- Who has the lesson, which one, at which price.
  accepted_by uuid,
  slot_id uuid,
  price bigint,
  price_currency text,
  asked integer not null,
  declined integer not null,
  -- Of the search for teachers; null until it has ended.
  considered integer,
  rules_version smallint,
  -- [{teacher, reasons}]
  left_out jsonb not null,
  version bigint not null
) with (fillfactor = 80);
create index lesson_requests_student on app.lesson_requests (student, requested_at, request_id);
create index lesson_requests_open on app.lesson_requests (subject, requested_at) where status = 'open';
comment on table app.lesson_requests is 'Requests of students for a lesson, as they are now';

create table app.request_offers (
  request_id uuid not null,
  teacher uuid not null,
  declined boolean not null,
  rules_version smallint not null,
  -- Which rules the teacher meets.
  reasons jsonb not null,
  offered_at timestamptz not null,
  primary key (request_id, teacher)
);
create index request_offers_teacher on app.request_offers (teacher, request_id) where not declined;
comment on table app.request_offers is 'Which teachers were asked for which request, and why';
