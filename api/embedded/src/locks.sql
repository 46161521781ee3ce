-- Advisory locks are for the owner of the database: leaders are chosen by them. A new database copies these
-- privileges, and only a superuser may change them.
do $$
declare
  lock regprocedure;
begin
  for lock in
    select oid::regprocedure
    from pg_catalog.pg_proc
    where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^pg_(try_)?advisory'
  loop
    execute format('grant execute on function %s to kafedra_owner with grant option', lock);
    execute format('revoke execute on function %s from public', lock);
  end loop;
end $$;
