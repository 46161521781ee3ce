insert into process.tasks
    (id, process, kind, key, lane, payload, due_at, recorded_at, cause, cause_position, correlation_id)
select id, $1, kind, key, lane, payload, due_at, $2, cause, cause_position, correlation_id
from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::timestamptz[],
            $9::uuid[], $10::bigint[], $11::uuid[])
    with ordinality as wanted
        (id, kind, key, lane, payload, due_at, cause, cause_position, correlation_id, place)
order by place
-- A task that is recorded again while it is running, or after it, runs once more: the run that began may
-- not have seen its cause.
on conflict (kind, key) do update
set state = case when tasks.state = 'done' then 'waiting' else tasks.state end,
    finished_at = case when tasks.state = 'done' then null else tasks.finished_at end,
    due_at = case when tasks.state = 'running' then tasks.due_at else excluded.due_at end,
    run_again = tasks.state = 'running',
    again_at = case when tasks.state = 'running' then excluded.due_at end,
    cause_position = greatest(tasks.cause_position, excluded.cause_position)
where tasks.state in ('waiting', 'running')
   or tasks.state = 'done' and excluded.cause_position > tasks.cause_position
