insert into notifications (
  account_id, number, notification_id, kind, data, people, raised_at, position, cause_position, muted,
  email_state, email_reason, email_until, email_at)
select
  account_id, number, notification_id, kind, data, people, raised_at, position, cause_position, muted,
  email_state, email_reason, email_until, email_at
from jsonb_to_recordset($1) as new (
  account_id uuid, number bigint, notification_id uuid, kind text, data jsonb, people uuid[],
  raised_at timestamptz, position bigint, cause_position bigint, muted text[],
  email_state text, email_reason text, email_until timestamptz, email_at timestamptz)
