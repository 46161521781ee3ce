-- A claim of tasks reads the first open task of each queue, and the due tasks without a queue, each by an index of its
-- own. Before, it looked at every due task: 416,000 blocks and seconds with 100,000 of them in 1,000 blocked queues.
create index tasks_queue on process.tasks (kind, lane, ordinal)
    where lane is not null and state in ('waiting', 'running');
create index tasks_without_queue on process.tasks (kind, due_at, ordinal)
    where lane is null and state = 'waiting';
-- No query looks for tasks without a queue in the index of queues.
drop index process.tasks_lane;
create index tasks_lane on process.tasks (lane, ordinal)
    where lane is not null and state in ('waiting', 'running');
