insert into facts (
  position, ordinal, measure, at, day, class, detail, value, unit, subject, owner, since, entity_type,
  entity_id, recorded_day, until, ended_day)
select
  position, ordinal, measure, at, day, class, detail, value, unit, subject, owner,
  coalesce(since, '-infinity'), entity_type, entity_id, recorded_day, until, ended_day
from unnest(
  $1::bigint[], $2::smallint[], $3::text[], $4::timestamptz[], $5::date[], $6::text[], $7::text[], $8::bigint[],
  $9::text[], $10::text[], $11::uuid[], $12::date[], $13::text[], $14::uuid[], $15::date[], $16::bigint[],
  $17::date[]
) as new (
  position, ordinal, measure, at, day, class, detail, value, unit, subject, owner, since, entity_type,
  entity_id, recorded_day, until, ended_day)
