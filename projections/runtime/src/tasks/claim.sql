-- Tasks of one kind that may begin now, oldest first: due tasks, and tasks with an expired lease.
-- $1 kind, $2 now, $3 at most, $4 length of the lease in ms
--
-- Tasks of one queue run one after the other, in the order of recording. So only the first open task of a queue may
-- begin. It is found by one step of an index per queue, because a blocked queue may have many due tasks.
with recursive firsts as (
    (select task.id, task.lane, task.ordinal, task.state, task.due_at
     from process.tasks as task
     where task.kind = $1 and task.lane is not null and task.state in ('waiting', 'running')
     order by task.lane, task.ordinal
     limit 1)
    union all
    select next.*
    from firsts
    cross join lateral (
        select task.id, task.lane, task.ordinal, task.state, task.due_at
        from process.tasks as task
        where task.kind = $1 and task.lane > firsts.lane and task.state in ('waiting', 'running')
        order by task.lane, task.ordinal
        limit 1
    ) as next
),
running as materialized (
    select task.id, task.lane
    from process.tasks as task
    where task.state = 'running' and task.lane is not null
),
first_of_queue as (
    select task.id, task.due_at, task.ordinal
    from firsts
    join process.tasks as task on task.id = firsts.id
    where (firsts.state = 'running' or firsts.due_at <= $2)
      and (task.state = 'waiting' and task.due_at <= $2
        or task.state = 'running' and task.leased_until < clock_timestamp())
      -- A queue may have tasks of several kinds, and one that was retried by an admin.
      and not exists (
          select from process.tasks as other
          where other.lane = firsts.lane and other.ordinal < firsts.ordinal
            and other.state in ('waiting', 'running'))
      and not exists (select from running where running.lane = firsts.lane and running.id <> firsts.id)
    order by task.due_at, task.ordinal
    limit $3
    for update of task skip locked
),
due as (
    select task.id, task.due_at, task.ordinal
    from process.tasks as task
    where task.kind = $1 and task.lane is null and task.state = 'waiting' and task.due_at <= $2
    order by task.due_at, task.ordinal
    limit $3
    for update of task skip locked
),
expired as (
    select task.id, task.due_at, task.ordinal
    from process.tasks as task
    where task.kind = $1 and task.lane is null and task.state = 'running'
      and task.leased_until < clock_timestamp()
    order by task.due_at, task.ordinal
    limit $3
    for update of task skip locked
),
candidates as (
    select id
    from (select * from first_of_queue union all select * from due union all select * from expired) as found
    order by due_at, ordinal
    limit $3
)
update process.tasks as task
set state = 'running',
    attempts = task.attempts + 1,
    outcome_unknown = task.outcome_unknown or task.state = 'running',
    leased_until = clock_timestamp() + $4 * interval '1 millisecond'
from candidates
where task.id = candidates.id
returning task.id, task.kind, task.key, task.lane, task.payload, task.attempts, task.outcome_unknown,
          task.cause, task.cause_position, task.correlation_id
