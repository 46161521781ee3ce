-- The order of appends without row versions, errors that concern a whole batch, and claims of past time.
--
-- An update of the one row of log.head left a dead version per batch. While any snapshot was open, each append had
-- to pass all versions since then, under the lock. A table lock leaves no versions, and the end of the log is the
-- last row of its primary key.
--
-- A server that has become read-only raised an error that counted as the fault of each single append.
--
-- Expand: OS processes of earlier versions call the same functions and read the same names.

alter table log.head rename to append_order;
revoke all on log.append_order from kafedra_app;
-- Taking the lock needs this privilege. The row is not used.
grant update on log.append_order to kafedra_app;
comment on table log.append_order is 'Its lock orders the appends of all OS processes. Its row is not used.';

-- The end of the log: position and instant of the last event.
create view log.head as
select true as singleton, coalesce(last.position, 0) as position, coalesce(last.recorded_at, 'epoch') as recorded_at
from (select true) as always
left join lateral (
  select position, recorded_at
  from log.events
  order by position desc
  limit 1
) as last on true;
grant select on log.head to kafedra_app;

-- Rows that arrive without a position were written by the stock crate: they get theirs here, one by one.
create or replace function log.number_event() returns trigger language plpgsql as $$
declare
  last record;
begin
  lock table log.append_order in share update exclusive mode;
  select position, recorded_at into last from log.head;
  new.position := last.position + 1;
  new.recorded_at := greatest(clock_timestamp(), last.recorded_at);
  new.leaf_hash := log.leaf_hash(new.position, new.aggregate_type, new.aggregate_id, new.sequence,
    new.event_type, new.event_version, log.micros(new.recorded_at),
    log.text_sha256(new.payload::text), log.text_sha256(new.metadata::text));
  return new;
end $$;

-- Time for which a claim is kept after its end.
create function log.claims_kept() returns interval language sql immutable parallel safe as $$
  select interval '30 days'
$$;

-- Appends the batch, all or nothing: raises when any part of it cannot be. Gives the position before
-- its first event. `bases` goes beside the writes: the command whose events the write was decided on while
-- they were on their way; null where it was decided on committed events.
create or replace function log.append_all(b log.batch, bases uuid[]) returns bigint language plpgsql as $$
declare
  start bigint;
  at timestamptz;
  micros bigint;
begin
  -- This lock orders the appends of all OS processes: what is checked below stays true until the commit.
  lock table log.append_order in share update exclusive mode;
  -- The next statement sees everything that was committed before the lock was granted.
  select last.position, last.recorded_at into start, at
  from log.events last
  order by last.position desc
  limit 1;
  start := coalesce(start, 0);
  at := greatest(clock_timestamp(), at);
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
  from unnest(b.w_type, b.w_id, b.w_expected, b.w_idle, bases) as w (type, id, expected, idle, base)
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
    or w.base is not null and w.expected > 0 and (
      select true
      from log.commands c
      join log.events e on e.aggregate_type = w.type and e.aggregate_id = w.id and e.sequence = w.expected
      where c.command_id = w.base and e.position between c.first_position and c.last_position
    ) is null
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

-- The write path: tries the batch whole; where that fails, each half on its own, down to the single
-- append that is at fault. One conflict never fails a neighbour, and a batch without one costs one pass.
-- `before` counts the appends that stand before this batch where it is a part.
create or replace function log.append(b log.batch, bases uuid[], before int default 0) returns setof log.outcome
language plpgsql as $$
declare
  start bigint;
  count int := cardinality(b.command_ids);
  code text;
  reason text;
  facts text;
  constraint_hit text;
  -- The writes of the first half.
  halfway int;
begin
  begin
    start := log.append_all(b, bases);
  exception when others then
    get stacked diagnostics code = returned_sqlstate, reason = message_text,
      facts = pg_exception_detail, constraint_hit = constraint_name;
    -- Only data, constraints, limits of a row and the errors raised above are the fault of one append. Everything
    -- else (a read-only server, a lost resource, a timeout) concerns the whole batch: it is sent again.
    if left(code, 2) not in ('21', '22', '23', '54', 'KA') then
      raise;
    end if;
  end;

  if start is not null then
    return next row(
      before, before + count - 1, 'committed', start + 1, start + cardinality(b.e_id), null::text)::log.outcome;
    return;
  end if;
  if count > 1 then
    select count(*) into halfway from unnest(b.w_append) n where n < count / 2;
    return query
    select * from log.append(log.part_of(b, 0, count / 2 - 1), bases[:halfway], before);
    return query
    select * from log.append(log.part_of(b, count / 2, count - 1), bases[halfway + 1:], before + count / 2);
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

-- What the events free and take. Of what one owner does several times, the last counts.
create or replace function log.claim_all(b log.batch) returns void language plpgsql as $$
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
  -- Time that is long past cannot be taken again: its rows only slow down the search.
  delete from log.time_claims held
  using (select distinct t.person from unnest(changes) t) as of_person
  where held.person = of_person.person
    and held.during << tstzrange(clock_timestamp() - log.claims_kept(), null);
  insert into log.time_claims (person, during, owner_type, owner_id)
  select t.person, tstzrange(t.from_at, t.to_at), t.owner_type, t.owner_id
  from unnest(changes) t;
end $$;
