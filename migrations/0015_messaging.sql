-- Conversations and what is said in them, as people read and search them; and the files beside messages,
-- whose bytes are kept outside the log.

-- conversations -----------------------------------------------------------------------------------
create table app.conversations (
  conversation_id uuid primary key,
  kind text not null check (kind in ('direct', 'class', 'lesson')),
  context jsonb,
  -- Number of the last message; 0 before the first.
  head bigint not null,
  -- Of the last message, or of the beginning: the order of the lists.
  active_position bigint not null,
  active_at timestamptz not null,
  version bigint not null
) with (fillfactor = 80);
comment on table app.conversations is 'Conversations: how long they are and when something was last said';

create table app.conversation_participants (
  conversation_id uuid not null,
  account_id uuid not null,
  -- Has left: reads no more, but what they said stays.
  gone boolean not null,
  -- Unread is what lies between this and the head; nothing is counted up.
  read_up_to bigint not null,
  cleared_up_to bigint not null,
  -- Hidden while the head has not passed this, so that a message need not touch everybody's row.
  hidden_up_to bigint,
  archived boolean not null,
  blocked boolean not null,
  primary key (conversation_id, account_id)
) with (fillfactor = 80);
create index conversation_participants_account on app.conversation_participants (account_id, conversation_id);
comment on table app.conversation_participants is 'Who takes part in which conversation, and their own view of it';

create table app.messages (
  message_id uuid primary key,
  conversation_id uuid not null,
  sequence bigint not null,
  sender uuid not null,
  -- Personal to the sender: null once that person is erased, and once the message is deleted.
  body text,
  sent_at timestamptz not null,
  edited_at timestamptz,
  deleted boolean not null,
  client_id uuid not null,
  -- [{"object_id", "name", "media_type", "bytes"}]; empty where the body is null.
  attachments jsonb not null,
  position bigint not null,
  -- Words as they are written, and their stems: the configuration knows Russian, and English for words in
  -- Latin letters.
  search tsvector not null,
  unique (conversation_id, sequence)
);
create index messages_sender on app.messages (sender, position);
create index messages_search on app.messages using gin (search);
comment on table app.messages is 'What was said, as it reads now';

create table app.message_edits (
  message_id uuid not null,
  -- Of the event that replaced this text.
  position bigint not null,
  sender uuid not null,
  body text not null,
  written_at timestamptz not null,
  primary key (message_id, position)
);
create index message_edits_sender on app.message_edits (sender);
comment on table app.message_edits is 'Former texts of messages that were edited, while neither the message nor its author is gone';

create table app.message_reports (
  position bigint primary key,
  conversation_id uuid not null,
  message_id uuid not null,
  sequence bigint not null,
  sender uuid not null,
  -- As it read when it was reported, also if the sender deletes it; null once the sender is erased.
  body text,
  sent_at timestamptz not null,
  reporter uuid not null,
  -- Null once the reporter is erased.
  reason text,
  reported_at timestamptz not null
);
comment on table app.message_reports is 'Messages that a participant reported, for support';

-- attachments -------------------------------------------------------------------------------------
create table objects.attachments (
  id uuid primary key,
  owner uuid not null,
  name text not null,
  media_type text not null,
  bytes bytea not null,
  created_at timestamptz not null default now(),
  -- The message that has it, from the moment before it is sent; null for what is only uploaded.
  message_id uuid,
  claimed_at timestamptz
);
-- What is sent and what is erased is found by these; bytes are compressed already.
create index attachments_owner on objects.attachments (owner);
create index attachments_message on objects.attachments (message_id) where message_id is not null;
create index attachments_unused on objects.attachments (created_at) where message_id is null;
alter table objects.attachments alter column bytes set storage external;
