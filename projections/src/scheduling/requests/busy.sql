-- Between $2 and $3: what these people ($1) offer or teach, and where they are taught themselves.
-- No lesson is longer than a day, so that the indexes on the beginning are enough.
select
  teacher as "person!",
  starts_at as "starts_at!: jiff_sqlx::Timestamp",
  ends_at as "ends_at!: jiff_sqlx::Timestamp"
from app.slots
where teacher = any($1)
  and status not in ('withdrawn', 'cancelled')
  and starts_at > $2::timestamptz - interval '1 day'
  and starts_at < $3::timestamptz
  and ends_at > $2
union all
select student, starts_at, ends_at
from app.bookings
where student = any($1)
  and status = 'booked'
  and starts_at > $2::timestamptz - interval '1 day'
  and starts_at < $3::timestamptz
  and ends_at > $2
