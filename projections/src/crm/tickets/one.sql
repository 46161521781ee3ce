select to_jsonb(listed) as "row!: Json<TicketRow>"
from (
  select
    ticket.ticket_id, title, description, ticket.status, priority, category, tags, requester,
    person.name as requester_name, assignee, agent.name as assignee_name, channel, merged_into,
    opened_at, updated_at, first_response_at, resolved_at, replies, notes, ticket.rating,
    first_response_due_at, resolution_due_at, first_response_missed_at, resolution_missed_at,
    due_at, ticket.version,
    case
      when sla is null then 'none'
      when first_response_missed_at is not null or resolution_missed_at is not null
        or due_at < $2 then 'breached'
      when ticket.status in ('resolved', 'closed') then 'met'
      when ticket.status = 'waiting' then 'paused'
      when due_at < $2::timestamptz + interval '1 hour' then 'at_risk'
      else 'on_track'
    end as sla
  from tickets as ticket
  left join users as person on person.account_id = requester
  left join users as agent on agent.account_id = assignee
) as listed
where ticket_id = $1
