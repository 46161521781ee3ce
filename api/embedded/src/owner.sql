-- Gives all that the administrator owns in this database to the owner of the database: an earlier version of the
-- program connected as the administrator. Extensions stay, and so do the objects of Postgres itself.
do $$
declare
  statement text;
begin
  for statement in
    select format('alter schema %I owner to kafedra_owner', nspname)
    from pg_catalog.pg_namespace
    where nspowner = current_user::regrole and nspname !~ '^pg_' and nspname <> 'information_schema'
    union all
    select format('alter %s %s owner to kafedra_owner',
                  case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
                       when 'f' then 'foreign table' else 'table' end,
                  relation.oid::regclass)
    from pg_catalog.pg_class as relation
    join pg_catalog.pg_namespace as schema on schema.oid = relation.relnamespace
    where relation.relowner = current_user::regrole and relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      and nspname !~ '^pg_' and nspname <> 'information_schema'
      -- Not of an extension, and no sequence of a column, which follows its table.
      and not exists (
          select from pg_catalog.pg_depend
          where classid = 'pg_class'::regclass and objid = relation.oid
            and (deptype = 'e' or relkind = 'S' and deptype in ('a', 'i')))
    union all
    select format('alter routine %s owner to kafedra_owner', routine.oid::regprocedure)
    from pg_catalog.pg_proc as routine
    join pg_catalog.pg_namespace as schema on schema.oid = routine.pronamespace
    where routine.proowner = current_user::regrole and nspname !~ '^pg_' and nspname <> 'information_schema'
      and not exists (
          select from pg_catalog.pg_depend
          where classid = 'pg_proc'::regclass and objid = routine.oid and deptype = 'e')
    union all
    select format('alter type %s owner to kafedra_owner', type.oid::regtype)
    from pg_catalog.pg_type as type
    join pg_catalog.pg_namespace as schema on schema.oid = type.typnamespace
    where type.typowner = current_user::regrole and nspname !~ '^pg_' and nspname <> 'information_schema'
      and (typtype in ('e', 'd', 'r')
        or typtype = 'c' and (select relkind = 'c' from pg_catalog.pg_class where oid = type.typrelid))
      and not exists (
          select from pg_catalog.pg_depend
          where classid = 'pg_type'::regclass and objid = type.oid and deptype = 'e')
  loop
    execute statement;
  end loop;
end $$;
