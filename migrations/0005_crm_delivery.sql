-- Delivery to the external CRM: its read model, the record of attempts, the circuit breaker.

create schema if not exists crm;
create schema if not exists process;

-- What became of each record that the external CRM shall hold. Follows from the events alone.
create table crm.deliveries (
    -- Derived from the account and the record: the same for ever.
    id           uuid primary key,
    account_id   uuid not null,
    what         text not null check (what in ('user', 'ticket')),
    -- Set when `what` is 'ticket'.
    ticket_id    uuid,
    state        text not null check (state in ('pending', 'delivered', 'retrying', 'abandoned')),
    -- Failed ones, since it was last asked for.
    attempts     integer not null default 0,
    external_id  text,
    last_cause   text,
    last_status  integer,
    requested_at timestamptz not null,
    delivered_at timestamptz,
    retry_at     timestamptz,
    -- How the record there differs from what it shall be, as long as that is known and not healed.
    drift        jsonb,
    -- The position at which it was first asked for: the order of listing.
    position     bigint not null,
    check ((what = 'ticket') = (ticket_id is not null))
);
create index deliveries_account on crm.deliveries (account_id);
create index deliveries_external on crm.deliveries (external_id) where what = 'user';
create index deliveries_state on crm.deliveries (state, position, id);
create index deliveries_position on crm.deliveries (position, id);

comment on table crm.deliveries is 'Deliveries to the external CRM: one row per user or welcome ticket that it shall hold.';
comment on column crm.deliveries.drift is 'How the record there differs: "missing", {"duplicated":…} or {"differs":{"fields":[…]}}.';

-- Every call to the external CRM, the last ones. No query, no body, no key, nothing personal.
create table process.crm_attempts (
    id         bigint generated always as identity primary key,
    account_id uuid,
    what       text not null,
    at         timestamptz not null,
    method     text not null,
    path       text not null,
    status     integer,
    latency_ms bigint not null,
    outcome    text not null check (outcome in ('answered', 'refused', 'failed', 'unknown')),
    -- The cause of a failure.
    error      text
);
create index crm_attempts_account on process.crm_attempts (account_id, id);
create index crm_attempts_answered on process.crm_attempts (id) where outcome = 'answered';

-- One circuit breaker for all deliveries of all processes.
create table process.crm_circuit (
    singleton  boolean primary key default true check (singleton),
    state      text not null check (state in ('closed', 'open', 'half_open')),
    -- Failures in a row while closed; how often it opened in a row otherwise.
    failures   integer not null default 0,
    -- When it may be tried again, or until when the present probe counts.
    until      timestamptz,
    updated_at timestamptz not null default now(),
    check ((state = 'closed') = (until is null))
) with (fillfactor = 10);
insert into process.crm_circuit (state) values ('closed');
