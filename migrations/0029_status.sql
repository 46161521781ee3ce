-- The phase of a slot, a booking and a waitlist entry is called `status` everywhere, as in the API and in domain states.

-- Also the tables that a rebuild has kept as the previous ones, or has begun to fill: the code reads all by one name.
do $$
declare
  kept record;
begin
  for kept in
    select table_schema, table_name from information_schema.columns
    where column_name = 'stage'
      and (table_schema = 'app' or table_schema ~ '^(previous|next|scratch)_')
      and table_name in ('slots', 'bookings', 'waitlist')
  loop
    execute format('alter table %I.%I rename column stage to status', kept.table_schema, kept.table_name);
  end loop;
end;
$$;

alter view crm.lessons rename column stage to status;
alter view crm.seats rename column stage to status;
