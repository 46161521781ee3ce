update notifications
set dismissed_at = new.at
from jsonb_to_recordset($1) as new (notification_id uuid, at timestamptz)
where notifications.notification_id = new.notification_id
