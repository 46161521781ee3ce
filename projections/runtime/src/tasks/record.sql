insert into process.tasks
    (id, process, kind, key, lane, payload, due_at, recorded_at, cause, cause_position, correlation_id)
select id, $1, kind, key, lane, payload, due_at, $2, cause, cause_position, correlation_id
from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::timestamptz[],
            $9::uuid[], $10::bigint[], $11::uuid[])
    with ordinality as wanted
        (id, kind, key, lane, payload, due_at, cause, cause_position, correlation_id, place)
order by place
on conflict (kind, key) do update
set due_at = excluded.due_at
where tasks.state = 'waiting'
