-- $1: the teacher; $2: now. Every student with a seat in a lesson of the teacher, or in a class of the teacher.
select
  account.account_id,
  account.name,
  account.avatar,
  min(booking.starts_at) filter (
    where booking.status = 'booked' and slot.status in ('offered', 'started') and booking.ends_at > $2::timestamptz
  ) as "next_lesson_at: jiff_sqlx::Timestamp",
  max(booking.starts_at) filter (
    where booking.status = 'booked' and slot.status = 'completed'
  ) as "last_lesson_at: jiff_sqlx::Timestamp",
  count(*) filter (where booking.status = 'booked' and slot.status = 'completed') as "lessons_held!"
from (
  select student
  from app.bookings
  where teacher = $1 and status in ('booked', 'no_show')
  union
  select student
  from app.class_students
  join app.classes using (class_id)
  where teacher = $1
) as own
join app.accounts as account on account.account_id = own.student and account.status <> 'erased'
left join app.bookings as booking
  on booking.teacher = $1 and booking.student = own.student and booking.status in ('booked', 'no_show')
left join app.slots as slot using (slot_id)
group by account.account_id
