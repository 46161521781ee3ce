-- $1: who asks; $2: archived or not; $3 and $4: position of the activity behind which the page begins, and
-- the conversation's id; $5: how many. The newest activity first; each with who takes part and the last
-- message that is left of it for who asks.
select jsonb_build_object(
  'conversation', to_jsonb(conversation),
  'own', to_jsonb(own),
  'people', people.people,
  'last_message', to_jsonb(last) - 'search'
) as "row!: Json<ConversationOverview>"
from app.conversation_participants as own
join app.conversations as conversation using (conversation_id)
left join lateral (
  select message.*
  from app.messages as message
  where message.conversation_id = conversation.conversation_id
    and message.sequence > own.cleared_up_to
    and not message.deleted
  order by message.sequence desc
  limit 1
) as last on true
cross join lateral (
  select jsonb_agg(
    jsonb_build_object(
      'account_id', other.account_id, 'gone', other.gone, 'read_up_to', other.read_up_to,
      'blocked', other.blocked, 'name', account.name, 'nickname', account.nickname,
      'avatar', account.avatar, 'roles', coalesce(account.roles, '{}'))
    order by other.account_id) as people
  from app.conversation_participants as other
  left join app.accounts as account using (account_id)
  where other.conversation_id = conversation.conversation_id
) as people
where own.account_id = $1
  and not own.gone
  and own.archived = $2
  and (own.hidden_up_to is null or own.hidden_up_to < conversation.head)
  and ($3::bigint is null
    or (conversation.active_position, conversation.conversation_id) < ($3, $4::uuid))
order by conversation.active_position desc, conversation.conversation_id desc
limit $5
