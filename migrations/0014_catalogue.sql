-- What lessons change in what was there before them: an event of scheduling concerns several people, and
-- cards and users get counters, prices and free times that follow from lessons.

-- crm_timeline ------------------------------------------------------------------------------------
-- One event, a line for each person. The name of the key depends on whether the table was rebuilt.
do $$
declare
  key text;
begin
  select conname into key from pg_constraint where conrelid = 'crm.timeline'::regclass and contype = 'p';
  execute format('alter table crm.timeline drop constraint %I, add primary key (account_id, position)', key);
end
$$;
-- The key serves what this index served; a rebuilt table has it under another name, and keeps it.
drop index if exists crm.timeline_account;
-- Finds what somebody wrote in the lines of others, when it has to be forgotten.
create index timeline_author on crm.timeline ((params ->> 'author')) where params ? 'author';
comment on table crm.timeline is 'Every event of a person, in the order in which they happened; an event that concerns several people has a line for each';

-- Whom the events of a stream concern: they do not all say it.
create table crm.timeline_casts (
  aggregate_type text not null,
  aggregate_id uuid not null,
  people jsonb not null,
  primary key (aggregate_type, aggregate_id)
);
comment on table crm.timeline_casts is 'Of each slot, request, place in line, class and series: who takes part, for the timeline';

-- crm_users ---------------------------------------------------------------------------------------
alter table crm.users
  add column rating_sum bigint not null default 0,
  add column reviews_count integer not null default 0;
comment on column crm.users.lessons_completed is 'Of a teacher: lessons held; of a student: lessons attended. Held is a completed lesson to which the teacher and at least one student came';

create table crm.user_lessons (
  slot_id uuid primary key,
  teacher uuid not null,
  seated uuid[] not null,
  absent uuid[] not null,
  completed boolean not null,
  teacher_absent boolean not null
);
comment on table crm.user_lessons is 'Who came to which lesson, for the counters of crm.users';

-- teacher_cards -----------------------------------------------------------------------------------
alter table app.teachers
  add column students_count integer not null default 0,
  add column rating_sum bigint not null default 0;
-- In the order of the lists.
drop index if exists app.teachers_created_at;
create index teachers_newest on app.teachers (created_at desc, account_id) where shown;
create index teachers_rating on app.teachers (((coalesce(rating, 0) * 1000000)::bigint) desc, account_id) where shown;

create table app.teacher_lessons (
  slot_id uuid primary key,
  teacher uuid not null,
  seated uuid[] not null,
  absent uuid[] not null,
  completed boolean not null,
  teacher_absent boolean not null,
  -- Completed, and the teacher and at least one student came; who came.
  held boolean not null,
  attended uuid[] not null
);
create index teacher_lessons_held on app.teacher_lessons (teacher) where held;
comment on table app.teacher_lessons is 'Who came to which lesson, for the counters of app.teachers';

-- slots -------------------------------------------------------------------------------------------
-- Computed where the zones are known: the database may know other ones.
alter table app.slots add column local_minute smallint not null default 0;
comment on column app.slots.local_minute is 'Minute of the day at which it begins, on the clock of its zone';

-- A teacher's free times in their order, with what most filters ask, so that the table is not read.
drop index if exists app.slots_free;
create index slots_free on app.slots (teacher, starts_at)
  include (price, currency, subject, format, lesson_type, ends_at, local_minute) where free;

-- Per teacher, so that a list of thousands need not look at every slot. Counted are the free slots that
-- begin after the last event about any of the teacher's slots; where a bound lies behind the present, the
-- question goes to app.slots.
create table app.teacher_times (
  teacher uuid primary key,
  next_at timestamptz,
  last_at timestamptz,
  subjects text[] not null,
  -- Bit n: one begins in half-hour n of the day, by UTC and by the clock of its own zone.
  utc_halves bigint not null,
  local_halves bigint not null
) with (fillfactor = 80);
comment on table app.teacher_times is 'First and last free time of each teacher, in which subjects and at which times of day there are any';

create table app.teacher_prices (
  teacher uuid not null,
  currency text not null,
  -- Minor units, of the cheapest; and when the last of so cheap ones begins.
  price bigint not null,
  until timestamptz not null,
  primary key (teacher, currency)
) with (fillfactor = 80);
comment on table app.teacher_prices is 'The cheapest free slot of each teacher, by currency';
