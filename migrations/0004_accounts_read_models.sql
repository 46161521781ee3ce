-- Read models of accounts, tickets and the log's index. All of it follows from the events and can be
-- dropped and built again; the tables are written only by the read models that own them.
-- No foreign keys, no enum types, no sequences: a rebuild makes each table alone, beside the live one.

create schema if not exists app;
create schema if not exists crm;

-- The statements that write read models name their tables without schema, because a rebuild redirects
-- them by search path. The runtime sets the path itself; this is for the compile-time check of those
-- statements, which connects as anybody. Who does not own the database needs no such check.
do $$
begin
  execute format('alter database %I set search_path = app, crm, public', current_database());
exception when insufficient_privilege then null;
end
$$;

-- directory ---------------------------------------------------------------------------------------
create table app.accounts (
  account_id uuid primary key,
  status text not null check (status in ('active', 'suspended', 'erased')),
  roles text[] not null,
  -- Personal: null once the person is erased.
  name text,
  nickname text,
  email text,
  phone text,
  email_verified boolean not null,
  locale text not null,
  time_zone text not null,
  avatar uuid,
  created_at timestamptz not null,
  last_active_at timestamptz not null,
  version bigint not null,
  search tsvector not null
) with (fillfactor = 80);
-- No index on last_active_at: so that a sign-in rewrites one row and no index at all.
create index accounts_created_at on app.accounts (created_at, account_id);
create index accounts_search on app.accounts using gin (search);
comment on table app.accounts is 'Everybody with an account, for staff lists and joins; an erased person keeps a nameless row';

-- teacher_cards -----------------------------------------------------------------------------------
-- Everybody has a row, because a person may fill a profile first and be granted the role later;
-- the indexes cover only those who are shown: teachers who are active.
create table app.teachers (
  account_id uuid primary key,
  shown boolean not null,
  status text not null check (status in ('active', 'suspended')),
  is_teacher boolean not null,
  name text,
  nickname text,
  avatar uuid,
  bio text,
  locale text not null,
  time_zone text not null,
  city text,
  city_key text,
  country text,
  subjects text[] not null,
  goals text[] not null,
  grades text[] not null,
  formats text[] not null,
  lesson_types text[] not null,
  -- Minutes.
  durations smallint[] not null,
  experience text,
  experience_years smallint,
  teacher_type text,
  education jsonb,
  offline_available boolean not null,
  takes_requests boolean not null,
  -- Minor units per hour, and their ISO 4217 currency.
  hourly_rate bigint,
  currency text,
  rating double precision,
  reviews_count integer not null,
  lessons_count integer not null,
  created_at timestamptz not null,
  version bigint not null,
  search tsvector
);
create index teachers_created_at on app.teachers (created_at, account_id) where shown;
create index teachers_hourly_rate on app.teachers (hourly_rate, account_id) where shown;
create index teachers_searched on app.teachers
  using gin (subjects, goals, grades, formats, lesson_types, durations, search) where shown;
comment on table app.teachers is 'The teacher catalogue; a card is shown while "shown" is true';

-- crm_users ---------------------------------------------------------------------------------------
create table crm.users (
  account_id uuid primary key,
  type text not null check (type in ('student', 'teacher', 'staff')),
  status text not null check (status in ('active', 'suspended', 'erased')),
  roles text[] not null,
  name text,
  nickname text,
  email text,
  phone text,
  -- The name as it sorts: case folded, by code point.
  name_key text collate "C" not null,
  subjects text[] not null,
  registered_at timestamptz not null,
  last_active_at timestamptz not null,
  lessons_completed integer not null,
  rating double precision,
  tickets_open integer not null,
  version bigint not null,
  search tsvector not null,
  search_contacts tsvector not null
) with (fillfactor = 80);
-- No index on last_active_at and tickets_open: so that a sign-in or a ticket rewrites one row and no
-- index at all. Who sorts by them sorts some 100,000 short rows.
create index users_registered_at on crm.users (registered_at, account_id);
create index users_name on crm.users (name_key, account_id);
create index users_search on crm.users using gin (search);
create index users_search_contacts on crm.users using gin (search_contacts);
comment on table crm.users is 'One row per person who ever registered; an erased person keeps a nameless row, because tickets and lessons refer to it';
comment on column crm.users.type is 'student, teacher or staff; a teacher who also learns is a teacher';
comment on column crm.users.tickets_open is 'Tickets of the person that are not resolved';
comment on column crm.users.search_contacts is 'Like search, with e-mail and phone; only for those who may see these';

-- crm_timeline ------------------------------------------------------------------------------------
create table crm.timeline (
  -- Of the event, in the whole log.
  position bigint primary key,
  account_id uuid not null,
  recorded_at timestamptz not null,
  type text not null,
  -- Codes, ids and numbers for the sentence that a person reads; see projections/src/crm/sentence.rs.
  params jsonb not null
);
create index timeline_account on crm.timeline (account_id, position);
comment on table crm.timeline is 'Every event of a person, in the order in which they happened';

-- tickets -----------------------------------------------------------------------------------------
create table crm.tickets (
  ticket_id uuid primary key,
  -- Personal to the requester: null once that person is erased.
  title text,
  description text,
  status text not null,
  priority text not null check (priority in ('low', 'medium', 'high', 'urgent')),
  category text not null,
  tags text[] not null,
  requester uuid not null,
  channel text not null,
  opened_at timestamptz not null,
  version bigint not null
);
create index tickets_requester on crm.tickets (requester, opened_at, ticket_id);
comment on table crm.tickets is 'Support tickets as they are now';

-- event_index -------------------------------------------------------------------------------------
create table app.event_index (
  position bigint primary key,
  aggregate_type text not null,
  aggregate_id text not null,
  event_type text not null,
  actor text not null,
  correlation_id uuid not null,
  recorded_at timestamptz not null
);
create index event_index_stream on app.event_index (aggregate_type, aggregate_id, position);
create index event_index_type on app.event_index (event_type, position);
create index event_index_actor on app.event_index (actor, position);
create index event_index_correlation on app.event_index (correlation_id, position);
-- recorded_at never falls while position grows, so a place in time is a place in the log: every 64th
-- row is enough to find it, at a 64th of the cost.
create index event_index_recorded_at on app.event_index (recorded_at, position) where position % 64 = 0;
comment on table app.event_index is 'Where in the log an event stands, for those who look for it by something else; what it says is in the log';
