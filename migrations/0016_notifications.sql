-- Read models of notifications: inboxes with what became of each delivery, and who takes part in which
-- conversation. They follow from the events alone; no foreign keys, no triggers (projections/README.md).

-- notifications -----------------------------------------------------------------------------------
create table app.notifications (
  account_id uuid not null,
  -- In the inbox of its person, from 1; the last thousand are kept.
  number bigint not null,
  notification_id uuid not null,
  kind text not null,
  data jsonb not null,
  -- Whom it names: their names are joined when it is read.
  people uuid[] not null,
  raised_at timestamptz not null,
  position bigint not null,
  -- Of the event of which it tells.
  cause_position bigint not null,
  -- Channels that were switched off for it.
  muted text[] not null,
  read_at timestamptz,
  dismissed_at timestamptz,
  email_state text not null check (email_state in ('waiting', 'delivered', 'not_delivered')),
  -- Why it waits, or was not delivered.
  email_reason text,
  -- Until when it waits.
  email_until timestamptz,
  -- When it was known what became of it.
  email_at timestamptz,
  primary key (account_id, number)
) with (fillfactor = 80);
create unique index notifications_id on app.notifications (notification_id);
create index notifications_unread on app.notifications (account_id, number desc)
  where read_at is null and dismissed_at is null;
create index notifications_digest on app.notifications (account_id, email_until)
  where email_state = 'waiting' and kind = 'message';
comment on table app.notifications is 'What people are told, what they read, and what became of each delivery';

create table app.notification_settings (
  account_id uuid primary key,
  -- Kinds that do not go by mail.
  muted_by_email text[] not null,
  -- Local times of the day, HH:MM; both or neither.
  quiet_from text,
  quiet_to text,
  check ((quiet_from is null) = (quiet_to is null))
);
comment on table app.notification_settings is 'What people want to be told by mail, and when not';

-- talks -------------------------------------------------------------------------------------------
create table app.talks (
  conversation_id uuid primary key,
  participants uuid[] not null,
  -- The number of the last message.
  head bigint not null
) with (fillfactor = 80);
comment on table app.talks is 'Who takes part in a conversation now: whom a message concerns';
