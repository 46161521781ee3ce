-- Only the application takes advisory locks and creates temporary tables. Leaders are chosen by advisory locks, and
-- anybody who may log in, such as an analyst, could otherwise stop them.
--
-- A managed server may not let the owner of the database change these privileges: then it says so, and
-- migrations/ANALYSTS.md tells what to do instead.
do $$
declare
  lock regprocedure;
begin
  for lock in
    select oid::regprocedure
    from pg_catalog.pg_proc
    where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^pg_(try_)?advisory'
  loop
    execute format('grant execute on function %s to kafedra_app, %I', lock, current_user);
    execute format('revoke execute on function %s from public', lock);
  end loop;
exception
  when insufficient_privilege then
    raise notice 'advisory locks stay open to all logins of this database (migrations/ANALYSTS.md)';
end $$;
do $$
begin
  execute format('revoke temporary on database %I from public', current_database());
exception
  when insufficient_privilege then
    raise notice 'temporary tables stay open to all logins of this database (migrations/ANALYSTS.md)';
end $$;
