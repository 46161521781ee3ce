-- The last position recorded at or before $1, by binary search: instants never decrease with positions. The search
-- goes from $2, which was recorded by then or is 0, to $3 or the end of the log. One row per step; in the last one
-- the bounds meet.
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
    -- `offset 0` keeps this a separate subquery, which is evaluated once and not once per use.
    offset 0
  ) as looked
  where low < high
)
select low, high, middle, at from search
