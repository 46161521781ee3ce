update notifications
set email_state = new.state, email_reason = new.reason, email_until = new.until, email_at = new.at
from jsonb_to_recordset($1) as new (
  notification_id uuid, state text, reason text, until timestamptz, at timestamptz)
where notifications.notification_id = new.notification_id
