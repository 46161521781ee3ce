-- Instants become positions first, by the rows that are sampled for it, so that no scan passes over what
-- is much too old or too new.
select position
from app.event_index
where position > $1
  and ($2::text is null or aggregate_type = $2)
  and ($3::text is null or aggregate_id = $3)
  and ($4::text is null or event_type = $4)
  and ($5::text is null or actor = $5)
  and ($6::uuid is null or correlation_id = $6)
  and ($7::timestamptz is null or (recorded_at >= $7 and position > coalesce((
    select position
    from app.event_index
    where position % 64 = 0
      and recorded_at < $7
    order by recorded_at desc, position desc
    limit 1), 0)))
  and ($8::timestamptz is null or (recorded_at < $8 and position < coalesce((
    select position
    from app.event_index
    where position % 64 = 0
      and recorded_at >= $8
    order by recorded_at, position
    limit 1), 9223372036854775807)))
  and ($10::uuid is null or event_id = $10)
  and ($11::uuid is null or causation_id = $11)
order by position
limit $9
