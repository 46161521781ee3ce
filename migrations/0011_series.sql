-- Read model of series, and the tokens of calendar feeds.

create table app.series (
  series_id uuid primary key,
  teacher uuid not null,
  -- Rules with their dates, exceptions, end and horizon, as the aggregate folds them.
  state jsonb not null,
  ended_from date,
  -- Slots that were opened so far, and dates on which something stood in the way.
  opened integer not null,
  skipped date[] not null,
  defined_at timestamptz not null,
  version bigint not null
) with (fillfactor = 80);
create index series_teacher on app.series (teacher, defined_at, series_id);
comment on table app.series is 'Rules by which teachers offer the same time again and again';

-- Who reads whose calendar: one feed per person; the token itself is known to its bearer only.
create table auth.calendar_feeds (
  account_id uuid primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  created_at timestamptz not null default now()
);
