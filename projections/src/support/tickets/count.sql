select count(*) as "count!"
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
        or due_at < $1 then 'breached'
      when merged_into is not null then 'none'
      when status in ('resolved', 'closed') then 'met'
      when status = 'waiting' then 'paused'
      when due_at < $1::timestamptz + interval '1 hour' then 'at_risk'
      else 'on_track'
    end as sla
  from tickets
) as listed
where ($2::text[] is null or status = any($2))
  and ($3::text[] is null or priority = any($3))
  and ($4::text is null or category = $4)
  and ($5::boolean is null or (assignee is null) = $5)
  and ($6::uuid is null or assignee = $6)
  and ($7::uuid is null or requester = $7)
  and ($8::text is null or $8 = any(tags))
  and ($9::text is null or ticket_id in (
    select ticket_id from tickets
    where search @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9) || to_tsquery('english', $9))
       or $13 and search_contacts
         @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9) || to_tsquery('english', $9))
    union all
    select ticket_id from ticket_texts
    where search @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9) || to_tsquery('english', $9))
       or $13 and search_contacts
         @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9) || to_tsquery('english', $9))
    union all
    select ticket_id from tickets where requester in (
      select account_id from users
      where search @@ (to_tsquery('simple', $9) || to_tsquery('russian', $9)))))
  and ($10::text is null or sla = $10)
  and ($11::timestamptz is null or opened_at >= $11)
  and ($12::timestamptz is null or opened_at < $12)
  and ($14::text is null or channel = $14)
