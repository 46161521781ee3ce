-- The last position recorded at or before $1, by halves: instants do not go back with positions.
with recursive search (low, high) as (
  select 0::bigint, position from log.head
  union all
  select case when is_reached then middle else low end, case when is_reached then high else middle - 1 end
  from search
  cross join lateral (select low + (high - low + 1) / 2 as middle) as halves
  cross join lateral (
    select coalesce((select recorded_at <= $1 from log.events where position = middle), false) as is_reached
    -- Looked up once, not once for each use.
    offset 0
  ) as looked
  where low < high
)
select low from search where low = high
