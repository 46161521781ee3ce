insert into messages (
  message_id, conversation_id, sequence, sender, body, sent_at, edited_at, deleted, client_id, attachments,
  position, search)
select
  message_id, conversation_id, sequence, sender, body, sent_at, edited_at, deleted, client_id, attachments,
  position, to_tsvector('simple', words) || to_tsvector('russian', words)
from jsonb_to_recordset($1) as new (
  message_id uuid, conversation_id uuid, sequence bigint, sender uuid, body text, sent_at timestamptz,
  edited_at timestamptz, deleted boolean, client_id uuid, attachments jsonb, position bigint, words text)
on conflict (message_id) do update set
  body = excluded.body,
  edited_at = excluded.edited_at,
  deleted = excluded.deleted,
  attachments = excluded.attachments,
  search = excluded.search
