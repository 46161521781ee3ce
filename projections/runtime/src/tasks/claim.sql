-- Tasks of one kind that may begin now, oldest first: due tasks, and tasks with an expired lease.
-- $1 kind, $2 now, $3 at most, $4 length of the lease in ms
with candidates as (
    select task.id
    from process.tasks as task
    where task.kind = $1
      and ((task.state = 'waiting' and task.due_at <= $2)
        or (task.state = 'running' and task.leased_until < clock_timestamp()))
      -- Tasks of one queue run one after the other, in the order of recording.
      and (task.lane is null or not exists (
          select from process.tasks as other
          where other.lane = task.lane
            and other.id <> task.id
            and other.state in ('waiting', 'running')
            and (other.ordinal < task.ordinal or other.state = 'running')))
    order by task.due_at, task.ordinal
    limit $3
    for update of task skip locked
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
