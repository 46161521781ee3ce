insert into conversations (conversation_id, kind, context, head, active_position, active_at, version)
select conversation_id, kind, context, head, active_position, active_at, version
from jsonb_to_recordset($1) as new (
  conversation_id uuid, kind text, context jsonb, head bigint, active_position bigint,
  active_at timestamptz, version bigint)
on conflict (conversation_id) do update set
  head = excluded.head,
  active_position = excluded.active_position,
  active_at = excluded.active_at,
  version = excluded.version
