insert into conversation_participants (
  conversation_id, account_id, gone, read_up_to, cleared_up_to, hidden_up_to, archived, blocked)
select conversation_id, account_id, gone, read_up_to, cleared_up_to, hidden_up_to, archived, blocked
from jsonb_to_recordset($1) as new (
  conversation_id uuid, account_id uuid, gone boolean, read_up_to bigint, cleared_up_to bigint,
  hidden_up_to bigint, archived boolean, blocked boolean)
on conflict (conversation_id, account_id) do update set
  gone = excluded.gone,
  read_up_to = excluded.read_up_to,
  cleared_up_to = excluded.cleared_up_to,
  hidden_up_to = excluded.hidden_up_to,
  archived = excluded.archived,
  blocked = excluded.blocked
