insert into message_reports (
  position, conversation_id, message_id, sequence, sender, body, sent_at, reporter, reason, reported_at)
select
  position, conversation_id, message_id, sequence, sender, body, sent_at, reporter, reason, reported_at
from jsonb_to_recordset($1) as new (
  position bigint, conversation_id uuid, message_id uuid, sequence bigint, sender uuid, body text,
  sent_at timestamptz, reporter uuid, reason text, reported_at timestamptz)
