insert into fact_days as held (measure, day, recorded_day, class, detail, unit, since, facts, total)
select measure, day, recorded_day, class, detail, unit, coalesce(since, '-infinity'), facts, total
from unnest(
  $1::text[], $2::date[], $3::date[], $4::text[], $5::text[], $6::text[], $7::date[], $8::bigint[], $9::bigint[]
) as new (measure, day, recorded_day, class, detail, unit, since, facts, total)
on conflict (measure, day, recorded_day, class, detail, unit, since) do update
set facts = held.facts + excluded.facts,
    total = held.total + excluded.total
