select to_jsonb(listed) as "row!: Json<TicketRow>"
from (
  select
    ticket_id, title, description, status, priority, category, tags, requester,
    (select name from users where account_id = requester) as requester_name,
    assignee, (select name from users where account_id = assignee) as assignee_name, channel, merged_into,
    opened_at, updated_at, first_response_at, resolved_at, replies, notes, rating,
    first_response_due_at, resolution_due_at, first_response_missed_at, resolution_missed_at,
    due_at, version,
    case
      when sla is null then 'none'
      when first_response_missed_at is not null or resolution_missed_at is not null
        or due_at < $2 then 'breached'
      when merged_into is not null then 'none'
      when status in ('resolved', 'closed') then 'met'
      when status = 'waiting' then 'paused'
      when due_at < $2::timestamptz + interval '1 hour' then 'at_risk'
      else 'on_track'
    end as sla
  from tickets
) as listed
where ticket_id = $1
