create schema fixture;
create schema if not exists app;
create schema if not exists crm;
create table fixture.events (
    position bigint primary key,
    aggregate_type text not null,
    aggregate_id text not null,
    sequence bigint not null,
    event_type text not null,
    event_version text not null,
    recorded_at timestamptz not null,
    payload text not null,
    metadata text not null,
    leaf_hash bytea not null
);
create table app.tally (account text primary key, seen bigint not null);
create table app.notes (
    id bigint generated always as identity,
    position bigint primary key,
    account text not null,
    note text not null check (note <> 'poison'),
    version integer not null
);
create index on app.notes (account);
create view crm.loud as select account, upper(note) as note from app.notes;
comment on view crm.loud is 'What analysts see.';
create view crm.louder as select account, note || '!' as note from crm.loud;
