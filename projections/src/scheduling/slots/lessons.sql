-- A slot with a booking is a lesson, of its teacher and of each student; status is what it is to $1.
-- $5 and $6: start and id of the lesson behind which the page begins; $7: how many.
with mine as (
  select b.slot_id, bool_or(b.status in ('booked', 'no_show')) as seated
  from app.bookings b
  where b.status <> 'moved_out'
    and (b.student = $1 or b.teacher = $1)
    and ($2::timestamptz is null or b.starts_at >= $2)
    and ($3::timestamptz is null or b.starts_at < $3)
  group by b.slot_id
)
select to_jsonb(s) as "row!: Json<SlotRow>"
from mine
join app.slots s using (slot_id)
where ($4::text is null or $4 = case
    when not seated or status in ('cancelled', 'withdrawn') then 'cancelled'
    when status = 'offered' then 'scheduled'
    else status end)
  and ($5::bigint is null
    or (s.starts_at, s.slot_id) > ('epoch'::timestamptz + $5 * interval '1 microsecond', $6::uuid))
order by s.starts_at, s.slot_id
limit $7
