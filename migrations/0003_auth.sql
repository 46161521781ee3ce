-- Who may come in (credentials, sessions, throttling), what was answered under an idempotency key,
-- and the objects that people upload. None of it is history: all of it may be deleted, and is when a
-- person is erased.

create schema if not exists auth;
create schema if not exists http;
create schema if not exists objects;

-- One password per account. Written before the registration is appended, so that nobody is ever
-- registered without one.
create table auth.credentials (
  account_id uuid primary key,
  password_hash text not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  -- Set while the account is registered, changes its address or is erased, by whom (a fresh id) and
  -- since when; who set it clears it. What a crash left is settled by the sweep.
  unsettled_by uuid,
  unsettled_at timestamptz
);
create index credentials_unsettled on auth.credentials (unsettled_at) where unsettled_at is not null;

-- Which accounts may be meant by an e-mail address (keyed hash of the normalised address). A hint, not
-- a truth and not unique: the account itself says which address it has. So a failed registration or a
-- half-done change of address can neither steal nor block an address.
create table auth.email_keys (
  email_key bytea not null,
  account_id uuid not null references auth.credentials on delete cascade,
  primary key (email_key, account_id)
);
create index email_keys_account on auth.email_keys (account_id);

-- Signed-in sessions; the token itself is known to its bearer only.
create table auth.sessions (
  session_id uuid primary key,
  account_id uuid not null,
  token_hash bytea not null unique check (length(token_hash) = 32),
  user_agent text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_seen_at timestamptz not null
);
create index sessions_account on auth.sessions (account_id, created_at);
create index sessions_expiry on auth.sessions (expires_at);

-- Token buckets that all processes share, as the theoretical arrival time of GCRA (ITU-T I.371).
create table auth.throttle (
  scope text not null,
  key bytea not null,
  arrival timestamptz not null,
  primary key (scope, key)
);
create index throttle_arrival on auth.throttle (arrival);

-- First answers by idempotency key. status is null while the first request is under way and for
-- answers that are made again (those that carry a token).
create table http.idempotency (
  actor text not null,
  key text not null,
  -- Keyed hash of method, path and body: bodies hold passwords.
  request_hash bytea not null,
  created_at timestamptz not null default now(),
  -- Until when the request that came first is believed to be at work.
  busy_until timestamptz,
  finished_at timestamptz,
  status smallint,
  headers jsonb,
  body bytea,
  primary key (actor, key)
);
create index idempotency_created on http.idempotency (created_at);

-- Pictures and the like.
create table objects.blobs (
  id uuid primary key,
  owner uuid not null,
  content_type text not null,
  bytes bytea not null,
  created_at timestamptz not null default now()
);
create index blobs_owner on objects.blobs (owner);
