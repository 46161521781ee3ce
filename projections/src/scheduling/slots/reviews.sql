-- $2 and $3: instant and id of the review behind which the page begins; $4: how many.
select
  b.booking_id, a.name as "student_name?", b.rating as "rating!", b.review as text,
  b.reviewed_at as "reviewed_at!: jiff_sqlx::Timestamp"
from app.bookings b
left join app.accounts a on a.account_id = b.student
where b.teacher = $1
  and b.rating is not null
  and ($2::bigint is null
    or (b.reviewed_at, b.booking_id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3::uuid))
order by b.reviewed_at desc, b.booking_id desc
limit $4
