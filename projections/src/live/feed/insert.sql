-- Later positions are of later instants: what is old stands at the beginning.
with old as (
  delete from live_feed
  where position < coalesce(
    (select position from live_feed where recorded_at >= $6 order by position limit 1),
    9223372036854775807)
)
insert into live_feed (account_id, position, recorded_at, type, data)
select news.*
from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::jsonb[])
  as news (account_id, position, recorded_at, type, data)
where news.recorded_at >= $6::timestamptz
  and not exists (select 1 from live_gone where live_gone.account_id = news.account_id)
