-- Statements that create views and grants for the new tables with these names ($1).
with recursive tables as (
    select to_regclass(name)::oid as id, name
    from unnest($1::text[]) as wanted (name)
),
views as (
    select distinct rewrite.ev_class as id, 1 as depth
    from pg_catalog.pg_depend as depend
    join pg_catalog.pg_rewrite as rewrite on rewrite.oid = depend.objid
    where depend.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      and depend.refobjid in (select id from tables)
    union
    select rewrite.ev_class, views.depth + 1
    from views
    join pg_catalog.pg_depend as depend on depend.refobjid = views.id
    join pg_catalog.pg_rewrite as rewrite on rewrite.oid = depend.objid
    where depend.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      and rewrite.ev_class <> views.id
      and views.depth < 20
),
statements as (
    select 0 as step, 0 as depth,
           pg_catalog.format('grant %s on %s to %s%s;', acl.privilege_type, tables.name,
               case when acl.grantee = 0 then 'public' else acl.grantee::pg_catalog.regrole::text end,
               case when acl.is_grantable then ' with grant option' else '' end) as statement
    from tables
    join pg_catalog.pg_class as class on class.oid = tables.id
    cross join lateral pg_catalog.aclexplode(class.relacl) as acl
    union all
    select 1, max(views.depth),
           pg_catalog.format('create or replace view %s %s as %s', views.id::pg_catalog.regclass,
               case when class.reloptions is null then ''
                    else 'with (' || pg_catalog.array_to_string(class.reloptions, ', ') || ')' end,
               pg_catalog.pg_get_viewdef(views.id))
    from views
    join pg_catalog.pg_class as class on class.oid = views.id and class.relkind = 'v'
    group by views.id, class.reloptions
)
select statement from statements order by step, depth
