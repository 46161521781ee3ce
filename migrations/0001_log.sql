-- The event log: one table of events with dense positions in commit order, what they claim across
-- streams, the ids of the commands that caused them, the keys of the people in them.
-- One function, log.append, is the whole write path: one batch, one call, one round trip.

create schema log;
create extension if not exists btree_gist;

-- The one row whose lock makes positions dense and ordered by commit. fillfactor: every update of it
-- stays on its page.
create table log.head (
  singleton boolean primary key default true check (singleton),
  position bigint not null,
  recorded_at timestamptz not null
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
insert into log.head values (true, 0, 'epoch');

-- The first seven columns are those that postgres-es 0.5 reads and writes.
-- json, not jsonb: the text is kept byte for byte, because the leaf hash covers it.
-- Names of streams are compared byte by byte: collations of languages cost twice as much.
create table log.events (
  aggregate_type text collate "C" not null,
  aggregate_id text collate "C" not null,
  sequence bigint not null check (sequence > 0),
  event_type text not null,
  event_version text not null,
  payload json not null,
  metadata json not null,
  position bigint primary key,
  recorded_at timestamptz not null,
  leaf_hash bytea not null check (length(leaf_hash) = 32),
  constraint events_stream_sequence unique (aggregate_type, aggregate_id, sequence),
  -- The envelope that is hashed separates its fields by line feeds.
  constraint events_one_line check (
    strpos(aggregate_type, e'\n') = 0
    and strpos(aggregate_id, e'\n') = 0
    and strpos(event_type, e'\n') = 0
    and strpos(event_version, e'\n') = 0
  )
);
-- recorded_at grows with position, so a few pages of index find any instant.
create index events_recorded_at on log.events using brin (recorded_at);

-- Which command caused which events: the same id again gets the first receipt.
create table log.commands (
  command_id uuid primary key,
  first_position bigint not null,
  last_position bigint not null
);

-- What must be unique across streams; the key is a keyed hash, never the value.
create table log.unique_claims (
  scope text not null,
  key bytea not null,
  owner_type text not null,
  owner_id text not null,
  primary key (scope, key),
  constraint unique_claims_owner unique (scope, owner_type, owner_id)
);

-- Nobody is in two places at once.
create table log.time_claims (
  person uuid not null,
  during tstzrange not null check (not isempty(during)),
  owner_type text not null,
  owner_id text not null,
  constraint time_claims_no_overlap exclude using gist (person with =, during with &&)
);
create index time_claims_owner on log.time_claims (owner_type, owner_id);

-- The data key of each person, wrapped by the master key; gone when the person is erased.
create table log.subject_keys (
  subject uuid primary key,
  wrapped_key bytea,
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  check ((wrapped_key is null) = (erased_at is not null))
);

-- Folded states of long streams; may be dropped at any time.
create table log.snapshots (
  aggregate_type text not null,
  aggregate_id text not null,
  version bigint not null,
  position bigint not null,
  snapshot_version integer not null,
  state json not null,
  primary key (aggregate_type, aggregate_id)
);

-- RFC 9162 leaf hash: SHA-256 over 0x00 and the canonical envelope (one field a line, the two JSON
-- texts by their SHA-256 in hex, the time in microseconds since 1970).
create function log.leaf_hash(
  at_position bigint,
  aggregate_type text,
  aggregate_id text,
  sequence bigint,
  event_type text,
  event_version text,
  recorded_micros bigint,
  payload_sha256 text,
  metadata_sha256 text
) returns bytea language sql stable parallel safe as $$
  select sha256('\x00'::bytea || convert_to(
    concat_ws(e'\n', 'kafedra.event.v1', at_position, aggregate_type, aggregate_id, sequence, event_type,
      event_version, recorded_micros, payload_sha256, metadata_sha256, ''),
    'UTF8'))
$$;

create function log.text_sha256(content text) returns text language sql stable parallel safe as $$
  select encode(sha256(convert_to(content, 'UTF8')), 'hex')
$$;

create function log.micros(at timestamptz) returns bigint language sql stable parallel safe as $$
  select (extract(epoch from at) * 1000000)::bigint
$$;

-- Rows that arrive without a position were written by the stock crate: they get theirs here, one by one.
create function log.number_event() returns trigger language plpgsql as $$
declare
  head log.head%rowtype;
begin
  update log.head
  set position = log.head.position + 1,
      recorded_at = greatest(clock_timestamp(), log.head.recorded_at)
  returning * into head;
  new.position := head.position;
  new.recorded_at := head.recorded_at;
  new.leaf_hash := log.leaf_hash(new.position, new.aggregate_type, new.aggregate_id, new.sequence,
    new.event_type, new.event_version, log.micros(new.recorded_at),
    log.text_sha256(new.payload::text), log.text_sha256(new.metadata::text));
  return new;
end $$;
create trigger number_event before insert on log.events
  for each row when (new.position is null) execute function log.number_event();

-- What happened stays: nobody changes or removes an event, the owner of the table included.
create function log.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'log.events is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on log.events
  for each row execute function log.refuse_change();
create trigger append_only_truncate before truncate on log.events
  for each statement execute function log.refuse_change();

-- A batch as columns, so that it travels in one message and is read by set-based statements.
create type log.batch as (
  -- appends: the command, and which of the events below are its own (counted from 1)
  command_ids uuid[], first_events int[], last_events int[],
  -- stream writes: which append (from 0), which stream, the version that was seen, whether events follow
  w_append int[], w_type text[], w_id text[], w_expected bigint[], w_idle boolean[],
  -- events, in order; the SHA-256 of the two texts in hex
  e_type text[], e_id text[], e_sequence bigint[], e_event_type text[], e_event_version text[],
  e_payload text[], e_metadata text[], e_payload_sha256 text[], e_metadata_sha256 text[],
  -- claims, in order; kind: unique, free_unique, time, free_time, free_all_time
  c_append int[], c_kind text[], c_owner_type text[], c_owner_id text[], c_scope text[], c_key bytea[],
  c_person uuid[], c_from timestamptz[], c_to timestamptz[],
  -- new keys of people, and people to be erased
  k_append int[], k_subject uuid[], k_wrapped bytea[],
  x_append int[], x_subject uuid[]
);

-- Appends the batch, all or nothing: raises when any part of it can not be. Gives the position before
-- its first event.
create function log.append_all(b log.batch) returns bigint language plpgsql as $$
declare
  start bigint;
  at timestamptz;
  micros bigint;
begin
  -- The lock of this row orders the appends of all processes: what is checked below stays true
  -- until the commit.
  update log.head
  set position = head.position + cardinality(b.e_id),
      recorded_at = greatest(clock_timestamp(), head.recorded_at)
  returning head.position - cardinality(b.e_id), head.recorded_at into start, at;
  micros := log.micros(at);

  -- SETs in the select list run in step, without a copy of the batch in between.
  insert into log.events (aggregate_type, aggregate_id, sequence, event_type, event_version,
    payload, metadata, position, recorded_at, leaf_hash)
  select e.type, e.id, e.sequence, e.event_type, e.event_version, e.payload::json, e.metadata::json,
    start + e.ord, at,
    log.leaf_hash(start + e.ord, e.type, e.id, e.sequence, e.event_type, e.event_version, micros,
      e.payload_sha256, e.metadata_sha256)
  from (
    select generate_series(1, cardinality(b.e_id)) as ord, unnest(b.e_type) as type, unnest(b.e_id) as id,
      unnest(b.e_sequence) as sequence, unnest(b.e_event_type) as event_type,
      unnest(b.e_event_version) as event_version, unnest(b.e_payload) as payload,
      unnest(b.e_metadata) as metadata, unnest(b.e_payload_sha256) as payload_sha256,
      unnest(b.e_metadata_sha256) as metadata_sha256
  ) e;

  insert into log.commands (command_id, first_position, last_position)
  select unnest(b.command_ids), start + unnest(b.first_events), start + unnest(b.last_events);

  -- The versions that were seen: that nothing came after them is told by the unique constraint, or
  -- here for a write without events; that they are there at all is told here, for they may have been
  -- on their way and have failed. Writes of the same batch build on one another.
  perform
  from unnest(b.w_type, b.w_id, b.w_expected, b.w_idle) as w (type, id, expected, idle)
  where w.expected > 0 and (
      select true
      from log.events e
      where e.aggregate_type = w.type and e.aggregate_id = w.id and e.sequence = w.expected
    ) is null
    or w.idle and (
      select true
      from log.events e
      where e.aggregate_type = w.type and e.aggregate_id = w.id and e.sequence = w.expected + 1
        and e.position <= start
    )
  limit 1;
  if found then
    raise exception 'stale version' using errcode = 'KA001';
  end if;

  if cardinality(b.k_append) > 0 then
    insert into log.subject_keys (subject, wrapped_key, created_at)
    select distinct on (k.subject) k.subject, k.wrapped, at
    from unnest(b.k_subject, b.k_wrapped) as k (subject, wrapped)
    on conflict do nothing;
    if exists (
      select
      from unnest(b.k_subject, b.k_wrapped) as k (subject, wrapped)
      join log.subject_keys held on held.subject = k.subject
      where held.wrapped_key is distinct from k.wrapped
    ) then
      raise exception 'another key was faster' using errcode = 'KA003';
    end if;
  end if;

  if cardinality(b.c_append) > 0 then
    perform log.claim_all(b);
  end if;

  if cardinality(b.x_append) > 0 then
    -- A person without a key is marked too, so that none is made later.
    insert into log.subject_keys (subject, wrapped_key, created_at, erased_at)
    select distinct x.subject, null::bytea, at, at
    from unnest(b.x_subject) as x (subject)
    on conflict (subject) do update
    set wrapped_key = null, erased_at = excluded.erased_at;
    -- Every process forgets the key that it may hold in memory.
    perform pg_notify('kafedra_erased', x.subject::text)
    from unnest(b.x_subject) as x (subject);
  end if;
  return start;
end $$;

create type log.claim_change as (
  kind text, owner_type text, owner_id text, scope text, key bytea, person uuid,
  from_at timestamptz, to_at timestamptz, ord bigint
);

create function log.claim_changes(b log.batch) returns setof log.claim_change
language sql stable as $$
  select c.kind, c.owner_type, c.owner_id, c.scope, c.key, c.person, c.from_at, c.to_at, c.ord
  from unnest(b.c_kind, b.c_owner_type, b.c_owner_id, b.c_scope, b.c_key, b.c_person, b.c_from, b.c_to)
    with ordinality as c (kind, owner_type, owner_id, scope, key, person, from_at, to_at, ord)
$$;

-- What the events free and take. Of what one owner does several times, the last counts.
create function log.claim_all(b log.batch) returns void language plpgsql as $$
declare
  changes log.claim_change[] := array(select c from log.claim_changes(b) c);
  refused record;
begin
  delete from log.unique_claims held
  using unnest(changes) c
  where c.kind in ('unique', 'free_unique')
    and held.scope = c.scope and held.owner_type = c.owner_type and held.owner_id = c.owner_id;

  select last.scope, last.owner_type into refused
  from unnest(changes) last
  join log.unique_claims held on held.scope = last.scope and held.key = last.key
  where last.kind = 'unique'
  limit 1;
  if found then
    raise exception 'claim is taken' using errcode = 'KA002',
      detail = json_build_object(
        'kind', 'unique', 'taker', refused.owner_type, 'scope', refused.scope)::text;
  end if;
  insert into log.unique_claims (scope, key, owner_type, owner_id)
  select last.scope, last.key, last.owner_type, last.owner_id
  from (
    select distinct on (c.scope, c.owner_type, c.owner_id) c.*
    from unnest(changes) c
    where c.kind in ('unique', 'free_unique')
    order by c.scope, c.owner_type, c.owner_id, c.ord desc
  ) last
  where last.kind = 'unique' and last.key is not null;

  if not exists (select from unnest(changes) c where c.kind in ('time', 'free_time', 'free_all_time')) then
    return;
  end if;

  delete from log.time_claims held
  using unnest(changes) c
  where held.owner_type = c.owner_type and held.owner_id = c.owner_id
    and (c.kind = 'free_all_time' or (c.kind = 'free_time' and held.person = c.person));

  -- Only times that the same owner does not free again later in the batch.
  changes := array(
    select t
    from unnest(changes) t
    where t.kind = 'time' and not exists (
      select
      from unnest(changes) f
      where f.owner_type = t.owner_type and f.owner_id = t.owner_id and f.ord > t.ord
        and (f.kind = 'free_all_time' or (f.kind = 'free_time' and f.person = t.person))
    )
  );
  select t.person, t.owner_type, held.owner_id into refused
  from unnest(changes) t
  join log.time_claims held on held.person = t.person and held.during && tstzrange(t.from_at, t.to_at)
  limit 1;
  if found then
    raise exception 'claim is taken' using errcode = 'KA002', detail = json_build_object(
      'kind', 'time', 'taker', refused.owner_type, 'person', refused.person, 'holder', refused.owner_id)::text;
  end if;
  insert into log.time_claims (person, during, owner_type, owner_id)
  select t.person, tstzrange(t.from_at, t.to_at), t.owner_type, t.owner_id
  from unnest(changes) t;
end $$;

-- The appends lo..hi of a batch (from 0) as a batch of its own.
create function log.part_of(b log.batch, lo int, hi int) returns log.batch language plpgsql as $$
declare
  part log.batch;
  -- the events before the part, and up to its end
  skipped int := b.first_events[lo + 1] - 1;
  upto int := b.last_events[hi + 1];
  -- where the part begins and ends in the lists that name their append
  f int;
  t int;
begin
  part.command_ids := b.command_ids[lo + 1:hi + 1];
  part.first_events := array(select n - skipped from unnest(b.first_events[lo + 1:hi + 1]) n);
  part.last_events := array(select n - skipped from unnest(b.last_events[lo + 1:hi + 1]) n);
  part.e_type := b.e_type[skipped + 1:upto];
  part.e_id := b.e_id[skipped + 1:upto];
  part.e_sequence := b.e_sequence[skipped + 1:upto];
  part.e_event_type := b.e_event_type[skipped + 1:upto];
  part.e_event_version := b.e_event_version[skipped + 1:upto];
  part.e_payload := b.e_payload[skipped + 1:upto];
  part.e_metadata := b.e_metadata[skipped + 1:upto];
  part.e_payload_sha256 := b.e_payload_sha256[skipped + 1:upto];
  part.e_metadata_sha256 := b.e_metadata_sha256[skipped + 1:upto];

  select count(*) filter (where n < lo) + 1, count(*) filter (where n <= hi) into f, t
  from unnest(b.w_append) n;
  part.w_append := array(select n - lo from unnest(b.w_append[f:t]) n);
  part.w_type := b.w_type[f:t];
  part.w_id := b.w_id[f:t];
  part.w_expected := b.w_expected[f:t];
  part.w_idle := b.w_idle[f:t];

  select count(*) filter (where n < lo) + 1, count(*) filter (where n <= hi) into f, t
  from unnest(b.c_append) n;
  part.c_append := array(select n - lo from unnest(b.c_append[f:t]) n);
  part.c_kind := b.c_kind[f:t];
  part.c_owner_type := b.c_owner_type[f:t];
  part.c_owner_id := b.c_owner_id[f:t];
  part.c_scope := b.c_scope[f:t];
  part.c_key := b.c_key[f:t];
  part.c_person := b.c_person[f:t];
  part.c_from := b.c_from[f:t];
  part.c_to := b.c_to[f:t];

  select count(*) filter (where n < lo) + 1, count(*) filter (where n <= hi) into f, t
  from unnest(b.k_append) n;
  part.k_append := array(select n - lo from unnest(b.k_append[f:t]) n);
  part.k_subject := b.k_subject[f:t];
  part.k_wrapped := b.k_wrapped[f:t];

  select count(*) filter (where n < lo) + 1, count(*) filter (where n <= hi) into f, t
  from unnest(b.x_append) n;
  part.x_append := array(select n - lo from unnest(b.x_append[f:t]) n);
  part.x_subject := b.x_subject[f:t];
  return part;
end $$;

-- What became of the appends from first to last: committed, or else one alone with the reason.
create type log.outcome as (
  first_append int, last_append int, outcome text, first_position bigint, last_position bigint, detail text
);

-- The write path: tries the batch whole; where that fails, each half on its own, down to the single
-- append that is at fault. One conflict never fails a neighbour, and a batch without one costs one pass.
-- `before` counts the appends that stand before this batch where it is a part.
create function log.append(b log.batch, before int default 0) returns setof log.outcome
language plpgsql as $$
declare
  start bigint;
  count int := cardinality(b.command_ids);
  code text;
  reason text;
  facts text;
  constraint_hit text;
begin
  begin
    start := log.append_all(b);
  exception when others then
    get stacked diagnostics code = returned_sqlstate, reason = message_text,
      facts = pg_exception_detail, constraint_hit = constraint_name;
    -- Out of resources, operator intervention, system error, rollback: the whole batch waits.
    if left(code, 2) in ('40', '53', '57', '58', 'XX') then
      raise;
    end if;
  end;

  if start is not null then
    return next row(
      before, before + count - 1, 'committed', start + 1, start + cardinality(b.e_id), null::text)::log.outcome;
    return;
  end if;
  if count > 1 then
    return query select * from log.append(log.part_of(b, 0, count / 2 - 1), before);
    return query select * from log.append(log.part_of(b, count / 2, count - 1), before + count / 2);
    return;
  end if;

  return query
  select before, before, 'duplicate', c.first_position, c.last_position, null::text
  from log.commands c
  where c.command_id = b.command_ids[1];
  if found then
    return;
  end if;
  return next row(
    before, before,
    case
      when code = 'KA001' or constraint_hit = 'events_stream_sequence' then 'stale'
      when code = 'KA002' then 'claimed'
      when code = 'KA003' then 'key_lost'
      else 'fault'
    end,
    null::bigint, null::bigint,
    case when code like 'KA%' then facts else code || ' ' || reason end
  )::log.outcome;
end $$;

-- The role of the running application: it appends and reads; it can not change what happened.
do $$
begin
  create role kafedra_app nologin;
exception
  -- A role belongs to the server, not to the database: another database may have made it.
  when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  if not pg_has_role(current_user, 'kafedra_app', 'member') then
    execute format('grant kafedra_app to %I', current_user);
  end if;
end $$;
grant usage on schema log to kafedra_app;
grant select, insert on log.events to kafedra_app;
grant select, insert on log.commands to kafedra_app;
grant select, update on log.head to kafedra_app;
grant select, insert, delete on log.unique_claims, log.time_claims to kafedra_app;
grant select, insert, update on log.subject_keys to kafedra_app;
grant select, insert, update, delete on log.snapshots to kafedra_app;
