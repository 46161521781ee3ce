-- What is told to whom over live sockets: one row per event and person concerned, ids and codes only. A socket
-- that comes back with the position it has seen finds here what it missed, for a month. Rows follow from the events alone;
-- no foreign keys, no triggers (projections/README.md).

create table app.live_feed (
  account_id uuid not null,
  -- Of the event in the whole log.
  position bigint not null,
  recorded_at timestamptz not null,
  -- snake_case name of the event.
  type text not null,
  data jsonb not null,
  primary key (account_id, position)
);
-- A process reads what is new once for all its sockets.
create index live_feed_position on app.live_feed (position);
comment on table app.live_feed is 'What every person is told over live sockets, by position in the log';

-- Who has to do with a slot, a request, a place in line, a class, a series: an event does not say it.
create table app.live_casts (
  aggregate_type text not null,
  aggregate_id uuid not null,
  people jsonb not null,
  primary key (aggregate_type, aggregate_id)
) with (fillfactor = 80);
comment on table app.live_casts is 'Whom the events of a stream concern, as of its last event';

-- Who takes part in a conversation now; asked for typing and presence too.
create table app.live_talks (
  conversation_id uuid not null,
  account_id uuid not null,
  -- By the other one of the two.
  blocked boolean not null,
  primary key (conversation_id, account_id)
);
create index live_talks_account on app.live_talks (account_id);
comment on table app.live_talks is 'Who takes part in which conversation now';

-- Erased people: whatever still happens about them is told to nobody.
create table app.live_gone (
  account_id uuid primary key
);
comment on table app.live_gone is 'Erased accounts, which are told nothing more';
