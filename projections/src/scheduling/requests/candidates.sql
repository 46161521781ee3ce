select
  account_id, status = 'active' as "active!", subjects, grades, goals, formats, durations, experience, city,
  hourly_rate, currency, rating is not null as "is_rated!", created_at as "created_at: jiff_sqlx::Timestamp"
from app.teachers
where is_teacher
  and takes_requests
  and subjects @> array[$1::text]
  and ($2::uuid is null or account_id = $2)
order by rating desc nulls last, account_id
