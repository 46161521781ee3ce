select
  account_id,
  type as "kind: _",
  status as "status: _",
  roles,
  name,
  nickname,
  email,
  phone,
  subjects,
  registered_at as "registered_at: jiff_sqlx::Timestamp",
  last_active_at as "last_active_at: jiff_sqlx::Timestamp",
  lessons_completed,
  rating,
  rating_sum,
  reviews_count,
  tickets_open,
  version,
  position
from users
where account_id = any($1)
