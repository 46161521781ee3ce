-- $1 and $2: types and ids of entities. Each with its person; without a row if the read models do not know it.
select distinct
  entity.entity_type as "entity_type!",
  entity.entity_id as "entity_id!",
  person.account_id as "account_id!",
  account.name as "name?"
from unnest($1::text[], $2::uuid[]) as entity (entity_type, entity_id)
cross join lateral (
  select entity.entity_id as account_id where entity.entity_type = 'account'
  union all
  select student from app.bookings where entity.entity_type = 'booking' and booking_id = entity.entity_id
  union all
  select teacher from app.slots where entity.entity_type = 'lesson' and slot_id = entity.entity_id
  union all
  select student from app.lesson_requests
  where entity.entity_type = 'lesson_request' and request_id = entity.entity_id
  union all
  select student from app.waitlist where entity.entity_type = 'waitlist_entry' and entry_id = entity.entity_id
  union all
  select requester from crm.tickets where entity.entity_type = 'ticket' and ticket_id = entity.entity_id
  union all
  select sender from app.messages where entity.entity_type = 'message' and message_id = entity.entity_id
) as person
left join app.accounts as account on account.account_id = person.account_id
