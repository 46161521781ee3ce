-- Tables that switches have put aside were never reached by erasures. They go now; from here on an erasure deletes
-- them.
do $$
declare
  aside record;
begin
  for aside in select nspname from pg_catalog.pg_namespace where nspname ~ '^(previous|next|scratch)_' loop
    execute format('drop schema %I cascade', aside.nspname);
  end loop;
end $$;
delete from projection.previous;
