-- One `CrmUserLinked` with external id $2 in the stream of account $1, at $3.
insert into fixture.events
select h.position + 1, 'CrmLink', $1, v.version + 1, 'CrmUserLinked', '1.0', greatest($3, h.recorded_at),
       format('{"CrmUserLinked":{"external_id":%s}}', to_json($2::text)),
       format('{"actor":"system:test","source":"policy","correlation_id":"%s","command_id":"%s"}',
              gen_random_uuid(), gen_random_uuid()),
       sha256(convert_to((h.position + 1) || $2, 'utf8'))
from (select coalesce(max(position), 0) as position, coalesce(max(recorded_at), $3) as recorded_at
      from fixture.events) as h,
     (select coalesce(max(sequence), 0) as version from fixture.events where aggregate_id = $1) as v
