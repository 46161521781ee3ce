insert into lesson_requests (
  request_id, student, grade, subject, goals, experience, duration_minutes, format, city, comment,
  starts_at, max_price, max_price_currency, status, expires_at, requested_at, accepted_by, slot_id, price,
  price_currency, asked, declined, considered, rules_version, left_out, version)
select
  request_id, student, grade, subject, goals, experience, duration_minutes, format, city, comment,
  starts_at, max_price, max_price_currency, status, expires_at, requested_at, accepted_by, slot_id, price,
  price_currency, asked, declined, considered, rules_version, left_out, version
from jsonb_to_recordset($1) as new (
  request_id uuid, student uuid, grade text, subject text, goals text[], experience text,
  duration_minutes smallint, format text, city text, comment text, starts_at timestamptz,
  max_price bigint, max_price_currency text, status text, expires_at timestamptz,
  requested_at timestamptz, accepted_by uuid, slot_id uuid, price bigint, price_currency text,
  asked integer, declined integer, considered integer, rules_version smallint, left_out jsonb,
  version bigint)
on conflict (request_id) do update set
  status = excluded.status,
  city = excluded.city,
  comment = excluded.comment,
  accepted_by = excluded.accepted_by,
  slot_id = excluded.slot_id,
  price = excluded.price,
  price_currency = excluded.price_currency,
  asked = excluded.asked,
  declined = excluded.declined,
  considered = excluded.considered,
  rules_version = excluded.rules_version,
  left_out = excluded.left_out,
  version = excluded.version
