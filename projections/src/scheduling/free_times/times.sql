insert into teacher_times (teacher, next_at, last_at, subjects, utc_halves, local_halves)
select
  touched.teacher,
  min(slot.starts_at),
  max(slot.starts_at),
  coalesce(array_agg(distinct slot.subject) filter (where slot.subject is not null), '{}'),
  coalesce(bit_or(1::bigint << (extract(epoch from slot.starts_at)::bigint / 1800 % 48)::integer), 0),
  coalesce(bit_or(1::bigint << (slot.local_minute / 30)), 0)
from unnest($1::uuid[], $2::timestamptz[]) as touched (teacher, at)
left join slots slot on slot.teacher = touched.teacher and slot.free and slot.starts_at > touched.at
group by touched.teacher
on conflict (teacher) do update set
  next_at = excluded.next_at,
  last_at = excluded.last_at,
  subjects = excluded.subjects,
  utc_halves = excluded.utc_halves,
  local_halves = excluded.local_halves
