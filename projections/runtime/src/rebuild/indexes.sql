-- Indexes that no constraint needs, by table and columns: the indexes of rebuilt tables have other names.
select format('%I.%I', $1, index.relname) as name, pg_get_indexdef(index.oid) as definition
from pg_index as one
join pg_class as index on index.oid = one.indexrelid
join pg_class as owner on owner.oid = one.indrelid
where owner.relnamespace = to_regnamespace($1)
  and not one.indisunique
  and format('%s (%s)', owner.relname, (
    select string_agg(attribute.attname, ', ' order by attribute.attnum)
    from pg_attribute as attribute
    where attribute.attrelid = one.indexrelid
      and attribute.attnum <= one.indnkeyatts
  )) = any($2)
