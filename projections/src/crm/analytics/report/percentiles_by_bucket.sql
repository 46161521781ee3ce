-- Percentiles of a range: of each bucket, of the range, of each group, and of all groups. The same parameters as counts_by_bucket.sql. $2, $3: first instants and first days of the buckets; $4: end of the range; $5: position; $9: channel of
-- the ticket; $10: without an agent; $11: dimension of the groups; $12: groups that are counted by themselves.
with dimensions as (
  select
    measure, at, class, detail, since, value,
    ($3::date[])[width_bucket(at, $2::timestamptz[])] as bucket,
    case $11::text
      when 'teacher' then owner::text
      when 'agent' then owner::text
      when 'subject' then subject
      when 'channel' then (
        select ticket.channel from crm.tickets as ticket where ticket.ticket_id = fact.entity_id)
      when 'priority' then (
        select other.class from crm.facts as other
        where other.measure = 'ticket' and other.entity_id = fact.entity_id
          and other.position <= $5 and (other.until is null or other.until > $5))
      when 'category' then (
        select other.class from crm.facts as other
        where other.measure = 'ticket_category' and other.entity_id = fact.entity_id
          and other.position <= $5 and (other.until is null or other.until > $5))
    end as dimension
  from crm.facts as fact
  where measure = any($1)
    and at >= ($2::timestamptz[])[1]
    and at < $4
    and position <= $5
    and (until is null or until > $5)
    and ($6::text is null or subject = $6)
    and ($7::uuid is null or owner = $7)
    and ($8::text is null or unit = $8)
    and (not $10::boolean or owner is null)
    and ($9::text is null or exists (
      select from crm.tickets as ticket
      where ticket.ticket_id = fact.entity_id and ticket.channel = $9))
), placed as (
  select
    measure, bucket, class, detail, since, value,
    case
      when $11 is null then ''
      when $12::text[] is null or coalesce(dimension, 'none') = any($12) then coalesce(dimension, 'none')
      else 'other'
    end as grouped
  from dimensions
)
select
  measure as "measure!: Measure",
  bucket as "bucket: jiff_sqlx::Date",
  grouped as "group",
  count(*) as "facts!",
  percentile_disc(0.5) within group (order by value) as "p50!",
  percentile_disc(0.9) within group (order by value) as "p90!"
from placed
group by grouping sets ((measure, bucket, grouped), (measure, grouped), (measure, bucket), (measure))
