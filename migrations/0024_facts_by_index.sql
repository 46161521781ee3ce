-- A figure as of an instant needs the facts of one day up to a position: found without looking at the later ones. The
-- index that this one replaces has another name where the table was rebuilt.
do $$
declare
  before text;
begin
  for before in
    select one.indexrelid::regclass::text
    from pg_index as one
    where one.indrelid = 'crm.facts'::regclass
      and pg_get_indexdef(one.indexrelid) like '%(recorded\_day, measure)'
  loop
    execute format('drop index %s', before);
  end loop;
end
$$;
create index facts_recorded on crm.facts (recorded_day, measure, position);

-- Percentiles look at each duration of a year: by index alone.
create index facts_durations on crm.facts (measure, at) include (day, value, position, until, owner)
  where measure in ('first_response', 'first_response_elapsed', 'resolution', 'resolution_elapsed');
