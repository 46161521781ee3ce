insert into series (series_id, teacher, state, ended_from, opened, skipped, defined_at, version)
select series_id, teacher, state, ended_from, opened, skipped, defined_at, version
from jsonb_to_recordset($1) as new (
  series_id uuid, teacher uuid, state jsonb, ended_from date, opened integer, skipped date[],
  defined_at timestamptz, version bigint)
on conflict (series_id) do update set
  state = excluded.state,
  ended_from = excluded.ended_from,
  opened = excluded.opened,
  skipped = excluded.skipped,
  version = excluded.version
