-- A task whose key is wished for while it is running runs again afterwards.
alter table process.tasks
  add column wanted_again boolean not null default false,
  add column again_at timestamptz;
comment on column process.tasks.wanted_again is 'True if the key was wished for again while the task was running';
comment on column process.tasks.again_at is 'Due time of the next run, if it is wanted';
