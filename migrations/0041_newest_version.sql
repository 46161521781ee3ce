-- A process of an older version that is started again must not replace the tables of a newer one.
alter table projection.checkpoints add column newest_version integer;
alter table process.checkpoints add column newest_version integer;
update projection.checkpoints set newest_version = version;
update process.checkpoints set newest_version = version;
-- OS processes of earlier versions insert and switch without this column.
create function projection.keep_newest_version() returns trigger language plpgsql as $$
begin
  if new.newest_version is null or (tg_op = 'UPDATE' and new.version <> old.version
      and new.newest_version = old.newest_version) then
    new.newest_version := greatest(new.newest_version, new.version);
  end if;
  return new;
end $$;
create trigger keep_newest_version before insert or update of version, newest_version on projection.checkpoints
  for each row execute function projection.keep_newest_version();
create trigger keep_newest_version before insert or update of version, newest_version on process.checkpoints
  for each row execute function projection.keep_newest_version();
alter table projection.checkpoints alter column newest_version set not null;
alter table process.checkpoints alter column newest_version set not null;
comment on column projection.checkpoints.newest_version is
  'Version of the newest code that has written the tables, or the version that an operator went back to';
