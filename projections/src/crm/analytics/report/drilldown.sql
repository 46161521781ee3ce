select
  position as "position!",
  ordinal as "ordinal!",
  at as "at!: jiff_sqlx::Timestamp",
  measure as "measure!: Measure",
  class as "class!",
  nullif(detail, '') as detail,
  value as "value!",
  nullif(unit, '') as unit,
  entity_type as "entity_type!",
  entity_id as "entity_id!"
from (select distinct unnest($1::text[])) as wanted (name)
-- Each measure by itself walks its index from where the page begins.
cross join lateral (
  select facts.*
  from crm.facts
  cross join lateral (
    select coalesce(
      case $18::text
        when 'teacher' then owner::text
        when 'agent' then owner::text
        when 'subject' then subject
        when 'channel' then (
          select ticket.channel from crm.tickets as ticket where ticket.ticket_id = facts.entity_id)
        when 'priority' then (
          select other.class from crm.facts as other
          where other.measure = 'ticket' and other.entity_id = facts.entity_id
            and other.position <= $4 and (other.until is null or other.until > $4))
        when 'category' then (
          select other.class from crm.facts as other
          where other.measure = 'ticket_category' and other.entity_id = facts.entity_id
            and other.position <= $4 and (other.until is null or other.until > $4))
      end,
      'none') as dimension
  ) as placed
  where measure = wanted.name
    and at >= greatest($2, 'epoch'::timestamptz + $12::bigint * interval '1 microsecond')
    and at < $3
    and position <= $4
    and (until is null or until > $4)
    and exists (
      select
      from unnest($1::text[], $5::text[], $6::text[]) as pick (measure, class, detail)
      where pick.measure = facts.measure
        and (pick.class is null or pick.class = facts.class)
        and (pick.detail is null or pick.detail = facts.detail)
    )
    and class <> all($7)
    and since < $8
    and ($9::text is null or subject = $9)
    and ($10::uuid is null or owner = $10)
    and ($11::text is null or unit = $11)
    and (not $16::boolean or owner is null)
    and ($17::text is null or exists (
      select from crm.tickets as ticket
      where ticket.ticket_id = facts.entity_id and ticket.channel = $17))
    -- $19: the group; without it, the facts of no group in $20.
    and ($18::text is null or case when $19::text is null then not (dimension = any($20::text[])) else dimension = $19 end)
    and ($12 is null
         or (at, position, ordinal)
            > ('epoch'::timestamptz + $12 * interval '1 microsecond', $13::bigint, $14::smallint))
  order by at, position, ordinal
  limit $15
) as fact
order by at, position, ordinal
limit $15
