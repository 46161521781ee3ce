-- A slot with a booking is a lesson, of its teacher and of each student; status is what it is to $1.
-- $2 and $3: an interval that the lesson overlaps; $5 and $6: start and id of the lesson behind which the page
-- begins; $7: how many; $8: the latest first; $9: own role in the lesson; $10: the other person in it;
-- $11: only lessons with a proposal that $1 has to answer, as of that instant.
with mine as (
  select b.slot_id, bool_or(b.status in ('booked', 'no_show')) as seated
  from app.bookings b
  where b.status <> 'moved_out'
    and (b.student = $1 or b.teacher = $1)
    and ($2::timestamptz is null or b.ends_at > $2)
    and ($3::timestamptz is null or b.starts_at < $3)
    and ($9::text is null or $9 = case when b.teacher = $1 then 'teacher' else 'student' end)
  group by b.slot_id
  having $10::uuid is null
    or bool_or((b.student = $1 and b.teacher = $10) or (b.teacher = $1 and b.student = $10))
)
select to_jsonb(s) as "row!: Json<SlotRow>"
from mine
join app.slots s using (slot_id)
where ($4::text is null or $4 = case
    when not seated or status in ('cancelled', 'withdrawn') then 'cancelled'
    when status = 'offered' then 'scheduled'
    else status end)
  and ($5::bigint is null
    or (not $8::boolean
      and (s.starts_at, s.slot_id) > ('epoch'::timestamptz + $5 * interval '1 microsecond', $6::uuid))
    or ($8
      and (s.starts_at, s.slot_id) < ('epoch'::timestamptz + $5 * interval '1 microsecond', $6::uuid)))
  and ($11::timestamptz is null
    or (s.proposal_expires_at > $11
      and seated
      and s.proposal_by = case when s.teacher = $1 then 'student' else 'teacher' end))
order by
  case when $8 then s.starts_at end desc,
  case when $8 then s.slot_id end desc,
  s.starts_at,
  s.slot_id
limit $7
