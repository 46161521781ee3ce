-- Copies the first $2 positions of the log behind its end $1, under other streams, people and command ids.
-- $3 distinguishes this copy. It writes all that an append writes; the leaf hash is that of the copy.
with copied as (
  insert into log.events (
    aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, position,
    recorded_at, leaf_hash)
  select
    aggregate_type, copy.id, sequence, event_type, event_version, payload, metadata, copy.position,
    head.recorded_at,
    log.leaf_hash(copy.position, aggregate_type, copy.id, sequence, event_type, event_version,
      log.micros(head.recorded_at), log.text_sha256(payload::text), log.text_sha256(metadata::text))
  from log.events as event
  cross join log.head
  cross join lateral (
    select md5(event.aggregate_id || $3::text)::uuid::text as id, event.position + $1::bigint as position) as copy
  where event.position <= $2::bigint
  order by event.position
), asked as (
  insert into log.commands (command_id, first_position, last_position)
  select md5(command_id || $3::text)::uuid, first_position + $1, last_position + $1
  from log.commands
  where last_position <= $2
)
insert into log.subject_keys (subject, wrapped_key)
select md5(subject || $3::text)::uuid, wrapped_key
from log.subject_keys
limit $2::bigint
