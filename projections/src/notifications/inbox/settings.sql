insert into notification_settings (account_id, muted_by_email, quiet_from, quiet_to)
select account_id, muted_by_email, quiet_from, quiet_to
from jsonb_to_recordset($1) as new (
  account_id uuid, muted_by_email text[], quiet_from text, quiet_to text)
on conflict (account_id) do update set
  muted_by_email = excluded.muted_by_email,
  quiet_from = excluded.quiet_from,
  quiet_to = excluded.quiet_to
