-- What listens to the log, and how far it has come: read models, processes and their tasks.

create schema if not exists projection;
create schema if not exists process;

-- One row per read model. Moves in the same transaction as the model's rows, compare-and-swap.
create table projection.checkpoints (
    name           text primary key,
    -- Everything up to here is in the tables.
    position       bigint not null default 0 check (position >= 0),
    -- Counts up whenever other tables take the place of the live ones.
    generation     integer not null default 1,
    -- Version of the code that wrote the rows.
    version        integer not null default 1,
    -- Set while the model is stopped: what went wrong, at which event.
    error          text,
    error_position bigint,
    error_at       timestamptz,
    updated_at     timestamptz not null default now()
) with (fillfactor = 50);

-- Events that an admin has decided to leave out of one read model or process.
create table projection.skips (
    name        text not null,
    position    bigint not null,
    actor       text not null,
    reason      text not null check (reason <> ''),
    error       text,
    recorded_at timestamptz not null default now(),
    primary key (name, position)
);

-- The rebuild of a read model that runs now, or the last one that ended.
create table projection.rebuilds (
    name       text primary key,
    version    integer not null,
    position   bigint not null default 0,
    head       bigint not null default 0,
    state      text not null check (state in ('running', 'done', 'failed')),
    error      text,
    started_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- The tables that the last switch put aside (schema previous_<name>), which can be switched back.
create table projection.previous (
    name        text primary key,
    position    bigint not null,
    version     integer not null,
    switched_at timestamptz not null default now()
);

-- What the relay of one JetStream stream last said about itself.
create table projection.relays (
    stream     text primary key,
    state      text not null,
    position   bigint not null default 0,
    detail     text,
    updated_at timestamptz not null default now()
) with (fillfactor = 50);

-- One row per process; only ever goes forward.
create table process.checkpoints (
    name           text primary key,
    position       bigint not null default 0 check (position >= 0),
    generation     integer not null default 1,
    version        integer not null default 1,
    error          text,
    error_position bigint,
    error_at       timestamptz,
    updated_at     timestamptz not null default now()
) with (fillfactor = 50);

-- What is to be done, at once or later. A timer is a task with a time.
create table process.tasks (
    id              uuid primary key,
    -- Order of recording: the order within a lane.
    ordinal         bigint generated always as identity unique,
    process         text not null,
    kind            text not null,
    key             text not null,
    lane            text,
    payload         jsonb not null,
    due_at          timestamptz not null,
    recorded_at     timestamptz not null,
    -- Counts the attempts begun; together with the id it fences a worker that lost its lease.
    attempts        integer not null default 0,
    state           text not null default 'waiting'
        check (state in ('waiting', 'running', 'done', 'abandoned')),
    leased_until    timestamptz,
    outcome_unknown boolean not null default false,
    last_error      text,
    finished_at     timestamptz,
    -- The event that caused it, and what both belong to.
    cause           uuid not null,
    cause_position  bigint not null,
    correlation_id  uuid not null,
    unique (kind, key),
    check ((state = 'running') = (leased_until is not null))
) with (fillfactor = 70);

create index tasks_due on process.tasks (kind, due_at) where state = 'waiting';
create index tasks_leased on process.tasks (kind, leased_until) where state = 'running';
create index tasks_lane on process.tasks (lane, ordinal) where state in ('waiting', 'running');
create index tasks_state on process.tasks (state, kind, ordinal);
create index tasks_cause on process.tasks (correlation_id);

comment on table process.tasks is 'What is to be done, at once or later; done at least once, recorded exactly once.';
