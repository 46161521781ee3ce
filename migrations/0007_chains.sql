-- A version is a number, and a number can come back: a command that was decided on events still on their
-- way says whose they are. Where those events failed and another process wrote others under the same
-- numbers, the version that was seen is there, but it is not what was seen.
--
-- Expand: a process of the version before goes on calling log.append(batch, before) as it did.

-- Appends the batch, all or nothing: raises when any part of it can not be. Gives the position before
-- its first event. `bases` goes beside the writes: the command whose events the write was decided on while
-- they were on their way; null where it was decided on committed events.
create function log.append_all(b log.batch, bases uuid[]) returns bigint language plpgsql as $$
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
create function log.append(b log.batch, bases uuid[], before int default 0) returns setof log.outcome
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

drop function log.append(log.batch, int);
drop function log.append_all(log.batch);
create function log.append(b log.batch, before int default 0) returns setof log.outcome
language sql as $$
  select * from log.append(b, null::uuid[], before)
$$;
