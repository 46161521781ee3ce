-- $1: who asks; $2: a query over the words, null for any; $3: the senders, null for any; $4: sent before;
-- $5: position behind which the page begins; $6: how many. The newest first, and only what is left of it for
-- who asks.
select to_jsonb(message) - 'search' as "row!: Json<MessageRow>"
from app.conversation_participants as own
join app.messages as message using (conversation_id)
where own.account_id = $1
  and not own.gone
  and message.sequence > own.cleared_up_to
  and not message.deleted
  and ($2::text is null or message.search @@ (to_tsquery('simple', $2) || to_tsquery('russian', $2)))
  and ($3::uuid[] is null or message.sender = any($3))
  and ($4::timestamptz is null or message.sent_at < $4)
  and ($5::bigint is null or message.position < $5)
order by message.position desc
limit $6
