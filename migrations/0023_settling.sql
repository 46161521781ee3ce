-- Sums over many rows of a teacher are marked as behind by the batch that changed a row, and made when that batch
-- has been written: in a rebuild once, at its end (projections/src/read_model.rs, `settle`).
alter table app.teacher_times
  add column touched_at timestamptz not null default 'epoch',
  add column behind boolean not null default false,
  alter column subjects set default '{}',
  alter column utc_halves set default 0,
  alter column local_halves set default 0;
comment on column app.teacher_times.touched_at is 'When the last event about a slot of this teacher was recorded';
comment on column app.teacher_times.behind is 'The summary, and that of prices, is of before that event';
create index teacher_times_behind on app.teacher_times (teacher) where behind;

alter table app.teachers add column behind boolean not null default false;
comment on column app.teachers.behind is 'The counters of lessons and students are of before the last change of a lesson';
create index teachers_behind on app.teachers (account_id) where behind;
