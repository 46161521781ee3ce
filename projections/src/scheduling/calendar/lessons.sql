-- The lessons of a person, latest first. $1 person, $2 from when, $3 only this slot, $4 at most.
with own as (
  select
    b.slot_id,
    b.teacher,
    count(*) as bookings,
    count(*) filter (where b.status = 'cancelled') as cancelled,
    -- Whom one meets: the teacher their students, a student the teacher.
    array_agg(b.student order by b.booked_at, b.booking_id) filter (where b.status <> 'cancelled') as booked,
    array_agg(b.student order by b.booked_at, b.booking_id) as once_booked
  from app.bookings b
  where (b.student = $1 or b.teacher = $1)
    and ((b.starts_at >= $2 and $3::uuid is null) or b.slot_id = $3)
  group by b.slot_id, b.teacher
)
select jsonb_build_object(
    'slot_id', s.slot_id,
    'starts_at', s.starts_at,
    'ends_at', s.ends_at,
    'subject', s.subject,
    'lesson_type', s.lesson_type,
    'format', s.format,
    'place', s.place,
    'cancelled', s.status = 'cancelled' or own.booked is null,
    -- The slot's own, and one more for every booking and cancellation after the first booking.
    'sequence', s.calendar_sequence + own.bookings + own.cancelled - 1,
    'others', (
      select coalesce(jsonb_agg(jsonb_build_object('id', other.id, 'name', a.name) order by other.place), '[]')
      from unnest(case when own.teacher = $1 then coalesce(own.booked, own.once_booked) else array[own.teacher] end)
        with ordinality as other (id, place)
      left join app.accounts a on a.account_id = other.id
    )
  ) as "row!: Json<CalendarRow>"
from own
join app.slots s on s.slot_id = own.slot_id
order by s.starts_at desc, s.slot_id
limit $4
