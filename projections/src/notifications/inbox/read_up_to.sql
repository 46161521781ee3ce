-- Each was read by the first that reached it.
update notifications as old
set read_at = (
  select min(at)
  from jsonb_to_recordset($1) as new (account_id uuid, number bigint, at timestamptz)
  where new.account_id = old.account_id and new.number >= old.number)
where old.read_at is null
  and exists (
    select from jsonb_to_recordset($1) as new (account_id uuid, number bigint, at timestamptz)
    where new.account_id = old.account_id and new.number >= old.number)
  and old.account_id in (
    select account_id from jsonb_to_recordset($1) as new (account_id uuid, number bigint, at timestamptz))
