-- Of the oldest done tasks of one kind, those that were done before an instant. What is abandoned waits
-- for a person, however long. Only what was caused before the checkpoint of its process: those events are
-- never read again, so that nobody can ask for the same task because of the same event.
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
