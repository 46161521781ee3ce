select
  account_id,
  status as "status: _",
  roles,
  name,
  nickname,
  email,
  phone,
  email_verified,
  locale,
  time_zone,
  avatar,
  created_at as "created_at: jiff_sqlx::Timestamp",
  last_active_at as "last_active_at: jiff_sqlx::Timestamp",
  version
from accounts
where account_id = any($1)
