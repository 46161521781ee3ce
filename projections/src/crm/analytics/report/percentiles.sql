-- Of each bucket, and (without a bucket) of the whole range.
select
  measure as "measure!: Measure",
  bucket as "bucket: jiff_sqlx::Date",
  null::text as "group",
  count(*) as "facts!",
  percentile_disc(0.5) within group (order by value) as "p50!",
  percentile_disc(0.9) within group (order by value) as "p90!"
from (
  select measure, value, greatest(date_trunc($2, day::timestamp)::date, $3) as bucket
  from crm.facts
  where measure = any($1)
    and at >= $4
    and at < $5
    and position <= $6
    and (until is null or until > $6)
    and ($7::uuid is null or owner = $7)
) as placed
group by grouping sets ((measure, bucket), (measure))
