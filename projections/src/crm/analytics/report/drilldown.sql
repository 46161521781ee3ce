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
  select *
  from crm.facts
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
    and ($12 is null
         or (at, position, ordinal)
            > ('epoch'::timestamptz + $12 * interval '1 microsecond', $13::bigint, $14::smallint))
  order by at, position, ordinal
  limit $15
) as fact
order by at, position, ordinal
limit $15
