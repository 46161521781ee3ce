select
  request_id, student, grade, subject, goals, experience, duration_minutes, format, city, comment,
  starts_at as "starts_at: jiff_sqlx::Timestamp", max_price, max_price_currency, status,
  expires_at as "expires_at: jiff_sqlx::Timestamp", requested_at as "requested_at: jiff_sqlx::Timestamp",
  accepted_by, slot_id, price, price_currency, asked, declined, considered, rules_version,
  left_out as "left_out: _", version
from lesson_requests
where request_id = any($1)
