-- The snapshot, if one of the right format is newer than the known version, then the events after it.
with wanted as (
  select *
  from unnest($1::text[], $2::text[], $3::bigint[], $4::int[]) with ordinality
    as w (aggregate_type, aggregate_id, after_version, snapshot_version, ord)
), based as (
  select w.*, s.version, s.position, s.state
  from wanted w
  left join log.snapshots s
    on s.aggregate_type = w.aggregate_type
    and s.aggregate_id = w.aggregate_id
    and s.snapshot_version = w.snapshot_version
    and s.version > w.after_version
)
select b.ord, b.version as sequence, b.position, null::text as event_type, null::text as event_version,
  b.state as body
from based b
where b.version is not null
union all
select b.ord, e.sequence, e.position, e.event_type, e.event_version, e.payload
from based b
cross join lateral (
  select *
  from log.events e
  where e.aggregate_type = b.aggregate_type
    and e.aggregate_id = b.aggregate_id
    and e.sequence > coalesce(b.version, b.after_version)
  order by e.sequence
) e
order by ord, sequence
