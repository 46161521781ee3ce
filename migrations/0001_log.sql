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
create table log.events (
  aggregate_type text not null,
  aggregate_id text not null,
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
-- texts by their SHA-256, the time in microseconds since 1970).
create function log.leaf_hash(
  at_position bigint,
  aggregate_type text,
  aggregate_id text,
  sequence bigint,
  event_type text,
  event_version text,
  recorded_micros bigint,
  payload text,
  metadata text
) returns bytea language sql stable parallel safe as $$
  select sha256('\x00'::bytea || convert_to(
    'kafedra.event.v1' || e'\n' || at_position || e'\n' || aggregate_type || e'\n' || aggregate_id || e'\n'
    || sequence || e'\n' || event_type || e'\n' || event_version || e'\n' || recorded_micros || e'\n'
    || encode(sha256(convert_to(payload, 'UTF8')), 'hex') || e'\n'
    || encode(sha256(convert_to(metadata, 'UTF8')), 'hex') || e'\n',
    'UTF8'))
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
    new.event_type, new.event_version, log.micros(new.recorded_at), new.payload::text, new.metadata::text);
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
  command_ids uuid[],
  -- stream writes: which append, which stream, the version that was seen
  w_append int[], w_type text[], w_id text[], w_expected bigint[],
  -- events, in order
  e_append int[], e_type text[], e_id text[], e_sequence bigint[],
  e_event_type text[], e_event_version text[], e_payload text[], e_metadata text[],
  -- claims, in order; kind: unique, free_unique, time, free_time, free_all_time
  c_append int[], c_kind text[], c_owner_type text[], c_owner_id text[], c_scope text[], c_key bytea[],
  c_person uuid[], c_from timestamptz[], c_to timestamptz[],
  -- new keys of people, and people to be erased
  k_append int[], k_subject uuid[], k_wrapped bytea[],
  x_append int[], x_subject uuid[]
);

create type log.receipt as (append int, first_position bigint, last_position bigint);
create type log.outcome as (append int, outcome text, first_position bigint, last_position bigint, detail text);

-- Appends lo..hi of the batch, all or nothing: raises when any of them can not be.
-- The caller holds the lock of log.head, so what is checked here stays true until the commit.
create function log.append_range(b log.batch, lo int, hi int) returns setof log.receipt
language plpgsql as $$
declare
  start bigint;
  at timestamptz;
  micros bigint;
  actual bigint;
begin
  select position, greatest(clock_timestamp(), recorded_at) into start, at from log.head;
  micros := log.micros(at);

  select coalesce(last.sequence, 0) into actual
  from (
    select w.type, w.id, min(w.expected) as expected
    from unnest(b.w_append, b.w_type, b.w_id, b.w_expected) as w (append, type, id, expected)
    where w.append between lo and hi
    group by w.type, w.id
  ) w
  left join lateral (
    select e.sequence
    from log.events e
    where e.aggregate_type = w.type and e.aggregate_id = w.id
    order by e.sequence desc
    limit 1
  ) last on true
  where w.expected <> coalesce(last.sequence, 0)
  limit 1;
  if found then
    raise exception 'stale version' using errcode = 'KA001', detail = actual::text;
  end if;

  return query
  with numbered as (
    select e.*, start + row_number() over (order by e.ord) as position
    from unnest(b.e_append, b.e_type, b.e_id, b.e_sequence, b.e_event_type, b.e_event_version,
      b.e_payload, b.e_metadata) with ordinality
      as e (append, type, id, sequence, event_type, event_version, payload, metadata, ord)
    where e.append between lo and hi
  ), written as (
    insert into log.events (aggregate_type, aggregate_id, sequence, event_type, event_version,
      payload, metadata, position, recorded_at, leaf_hash)
    select n.type, n.id, n.sequence, n.event_type, n.event_version, n.payload::json, n.metadata::json,
      n.position, at,
      log.leaf_hash(n.position, n.type, n.id, n.sequence, n.event_type, n.event_version, micros,
        n.payload, n.metadata)
    from numbered n
  ), receipts as (
    select n.append, min(n.position) as first_position, max(n.position) as last_position
    from numbered n
    group by n.append
  ), remembered as (
    insert into log.commands (command_id, first_position, last_position)
    select b.command_ids[r.append + 1], r.first_position, r.last_position
    from receipts r
  ), moved as (
    update log.head
    set position = (select max(r.last_position) from receipts r), recorded_at = at
  )
  select r.append, r.first_position, r.last_position
  from receipts r;

  if cardinality(b.k_append) > 0 then
    insert into log.subject_keys (subject, wrapped_key, created_at)
    select distinct on (k.subject) k.subject, k.wrapped, at
    from unnest(b.k_append, b.k_subject, b.k_wrapped) as k (append, subject, wrapped)
    where k.append between lo and hi
    on conflict do nothing;
    if exists (
      select
      from unnest(b.k_append, b.k_subject, b.k_wrapped) as k (append, subject, wrapped)
      join log.subject_keys held on held.subject = k.subject
      where k.append between lo and hi and held.wrapped_key is distinct from k.wrapped
    ) then
      raise exception 'another key was faster' using errcode = 'KA003';
    end if;
  end if;

  if cardinality(b.c_append) > 0 then
    perform log.claim_range(b, lo, hi);
  end if;

  if cardinality(b.x_append) > 0 then
    -- A person without a key is marked too, so that none is made later.
    insert into log.subject_keys (subject, wrapped_key, created_at, erased_at)
    select distinct x.subject, null::bytea, at, at
    from unnest(b.x_append, b.x_subject) as x (append, subject)
    where x.append between lo and hi
    on conflict (subject) do update
    set wrapped_key = null, erased_at = excluded.erased_at;
    -- Every process forgets the key that it may hold in memory.
    perform pg_notify('kafedra_erased', x.subject::text)
    from unnest(b.x_append, b.x_subject) as x (append, subject)
    where x.append between lo and hi;
  end if;
end $$;

create type log.claim_change as (
  kind text, owner_type text, owner_id text, scope text, key bytea, person uuid,
  from_at timestamptz, to_at timestamptz, ord bigint
);

create function log.claim_changes(b log.batch, lo int, hi int) returns setof log.claim_change
language sql stable as $$
  select c.kind, c.owner_type, c.owner_id, c.scope, c.key, c.person, c.from_at, c.to_at, c.ord
  from unnest(b.c_append, b.c_kind, b.c_owner_type, b.c_owner_id, b.c_scope, b.c_key, b.c_person,
    b.c_from, b.c_to) with ordinality
    as c (append, kind, owner_type, owner_id, scope, key, person, from_at, to_at, ord)
  where c.append between lo and hi
$$;

-- What the events of lo..hi free and take. Of what one owner does several times, the last counts.
create function log.claim_range(b log.batch, lo int, hi int) returns void language plpgsql as $$
declare
  changes log.claim_change[] := array(select c from log.claim_changes(b, lo, hi) c);
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

-- Appends lo..hi; where that fails, each half on its own, down to the single append that is at fault:
-- one conflict never fails a neighbour, and a batch without one costs one pass.
create function log.append_part(b log.batch, lo int, hi int) returns setof log.outcome
language plpgsql as $$
declare
  code text;
  reason text;
  facts text;
  constraint_hit text;
  mid int := (lo + hi) / 2;
begin
  begin
    return query
    select r.append, 'committed', r.first_position, r.last_position, null::text
    from log.append_range(b, lo, hi) r;
    return;
  exception when others then
    get stacked diagnostics code = returned_sqlstate, reason = message_text,
      facts = pg_exception_detail, constraint_hit = constraint_name;
    -- Out of resources, operator intervention, system error, rollback: the whole batch waits.
    if left(code, 2) in ('40', '53', '57', '58', 'XX') then
      raise;
    end if;
  end;

  if lo < hi then
    return query select * from log.append_part(b, lo, mid);
    return query select * from log.append_part(b, mid + 1, hi);
    return;
  end if;

  return query
  select lo, 'duplicate', c.first_position, c.last_position, null::text
  from log.commands c
  where c.command_id = b.command_ids[lo + 1];
  if found then
    return;
  end if;
  return next row(
    lo,
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

-- The write path: takes the head's lock, tries the batch, answers for each append.
create function log.append(
  command_ids uuid[],
  w_append int[], w_type text[], w_id text[], w_expected bigint[],
  e_append int[], e_type text[], e_id text[], e_sequence bigint[],
  e_event_type text[], e_event_version text[], e_payload text[], e_metadata text[],
  c_append int[], c_kind text[], c_owner_type text[], c_owner_id text[], c_scope text[], c_key bytea[],
  c_person uuid[], c_from timestamptz[], c_to timestamptz[],
  k_append int[], k_subject uuid[], k_wrapped bytea[],
  x_append int[], x_subject uuid[]
) returns setof log.outcome language plpgsql as $$
begin
  perform from log.head for update;
  return query
  select * from log.append_part(
    row(command_ids, w_append, w_type, w_id, w_expected,
      e_append, e_type, e_id, e_sequence, e_event_type, e_event_version, e_payload, e_metadata,
      c_append, c_kind, c_owner_type, c_owner_id, c_scope, c_key, c_person, c_from, c_to,
      k_append, k_subject, k_wrapped, x_append, x_subject)::log.batch,
    0, cardinality(command_ids) - 1);
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
