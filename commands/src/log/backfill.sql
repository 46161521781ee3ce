-- Writes everything that an append writes, each event with its own instant: $1 is the position before the first.
-- Writes nothing if the log has another last position, or a later instant.
with head as (
  select $1 + cardinality($2::text[]) as position
  from log.head
  where position = $1 and recorded_at <= $16
), written as (
  insert into log.events (
    aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, position,
    recorded_at, leaf_hash)
  select
    e.type, e.id, e.sequence, e.event_type, e.event_version, e.payload::json, e.metadata::json, $1 + e.ord,
    e.at,
    log.leaf_hash($1 + e.ord, e.type, e.id, e.sequence, e.event_type, e.event_version, log.micros(e.at),
      e.payload_sha256, e.metadata_sha256)
  from head
  cross join unnest(
    $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::timestamptz[]
  ) with ordinality as e (
    type, id, sequence, event_type, event_version, payload, metadata, payload_sha256, metadata_sha256, at, ord)
), asked as (
  insert into log.commands (command_id, first_position, last_position)
  select c.id, $1 + c.first, $1 + c.last
  from head
  cross join unnest($12::uuid[], $13::bigint[], $14::bigint[]) as c (id, first, last)
), keyed as (
  insert into log.subject_keys (subject, wrapped_key, created_at)
  select k.subject, k.wrapped, $16
  from head
  cross join unnest($15::uuid[], $17::bytea[]) as k (subject, wrapped)
)
select position from head
