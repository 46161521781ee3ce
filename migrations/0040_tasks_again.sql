-- A task that is recorded again while it is running runs again afterwards.
alter table process.tasks
  add column run_again boolean not null default false,
  add column again_at timestamptz;
comment on column process.tasks.run_again is 'True if the task was recorded again while it was running';
comment on column process.tasks.again_at is 'Due time of the next run, if there is one';
