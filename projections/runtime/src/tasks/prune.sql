-- Deletes the oldest done tasks of one kind that were done before an instant. Abandoned tasks wait for an admin.
-- Only tasks caused before the checkpoint of their process manager are deleted. Those events are never read again,
-- so the same event cannot record the same task again.
-- $1 kind, $2 before, $3 at most
delete from process.tasks as task
using (
    select id
    from process.tasks
    where state = 'done' and kind = $1
    order by ordinal
    limit $3
) as oldest
where task.id = oldest.id
  and task.state = 'done'
  and task.finished_at < $2
  and task.cause_position <= (select position from process.checkpoints where name = task.process)
