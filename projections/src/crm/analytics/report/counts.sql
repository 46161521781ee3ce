with counted (measure, day, class, detail, since, facts, total) as (
  -- Whole local days: as of the beginning of the day of the position,
  select measure, day, class, detail, since, facts, total
  from crm.fact_days
  where measure = any($1)
    and day >= $4
    and day < $5
    and ($6::date is null or recorded_day < $6)
    and ($12::text is null or unit = $12)
  union all
  -- and what was made
  select measure, day, class, detail, since, 1, value
  from crm.facts
  where recorded_day = $6
    and position <= $7
    and measure = any($1)
    and day >= $4
    and day < $5
    and ($12::text is null or unit = $12)
  union all
  -- and ended on that day before it.
  select measure, day, class, detail, since, -1, -value
  from crm.facts
  where ended_day = $6
    and until <= $7
    and measure = any($1)
    and day >= $4
    and day < $5
    and ($12::text is null or unit = $12)
  union all
  -- What of the range is no whole day; all of it where a filter needs to look at each fact. Each edge for itself, by
  -- index: of both at once the planner reads everything.
  select measure, day, class, detail, since, 1, value
  from unnest($8::timestamptz[], $9::timestamptz[]) as edge (begins, ends)
  cross join lateral (
    select *
    from crm.facts
    where measure = any($1)
      and at >= edge.begins
      and at < edge.ends
      and position <= $7
      and (until is null or until > $7)
      and ($10::text is null or subject = $10)
      and ($11::uuid is null or owner = $11)
      and ($12::text is null or unit = $12)
    offset 0
  ) as within
), placed as (
  select *, greatest(date_trunc($2, day::timestamp)::date, $3) as bucket
  from counted
)
select
  measure as "measure!: Measure",
  bucket as "bucket!: jiff_sqlx::Date",
  class as "class!",
  detail as "detail!",
  ''::text as "group!",
  since < bucket as "first_in_bucket!",
  since < $3 as "first_in_range!",
  sum(facts)::bigint as "facts!",
  sum(total)::bigint as "total!"
from placed
group by 1, 2, 3, 4, 6, 7
