-- The last position recorded at or before $1, by halves: instants do not go back with positions. It is looked for from
-- $2, which was recorded by then or is 0, to $3 or the end of the log. A row for each look; in the last one the two
-- meet.
with recursive search (low, high, middle, at) as (
  select $2::bigint, coalesce($3, position), null::bigint, null::timestamptz from log.head
  union all
  select
    case when looked.at <= $1 then halves.middle else low end,
    case when looked.at <= $1 then high else halves.middle - 1 end,
    halves.middle,
    looked.at
  from search
  cross join lateral (select low + (high - low + 1) / 2 as middle) as halves
  cross join lateral (
    select (select recorded_at from log.events where position = halves.middle) as at
    -- Looked up once, not once for each use.
    offset 0
  ) as looked
  where low < high
)
select low, high, middle, at from search
