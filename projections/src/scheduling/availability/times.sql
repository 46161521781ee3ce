update teacher_times
set next_at = summed.next_at,
    last_at = summed.last_at,
    subjects = summed.subjects,
    utc_halves = summed.utc_halves,
    local_halves = summed.local_halves,
    behind = false
from (
  select
    touched.teacher,
    min(slot.starts_at) as next_at,
    max(slot.starts_at) as last_at,
    coalesce(array_agg(distinct slot.subject) filter (where slot.subject is not null), '{}') as subjects,
    coalesce(bit_or(1::bigint << (extract(epoch from slot.starts_at)::bigint / 1800 % 48)::integer), 0)
      as utc_halves,
    coalesce(bit_or(1::bigint << (slot.local_minute / 30)), 0) as local_halves
  from teacher_times touched
  left join slots slot
    on slot.teacher = touched.teacher and slot.free and slot.starts_at > touched.touched_at
  where touched.teacher = any($1)
  group by touched.teacher
) summed
where teacher_times.teacher = summed.teacher
