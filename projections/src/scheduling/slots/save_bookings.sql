insert into bookings (
  booking_id, slot_id, student, teacher, note, price, currency, booked_by, status, cancelled_by, cancel_reason,
  cancel_reason_by, late, fee, booked_at, cancelled_at, starts_at, ends_at, rating, review, reviewed_at)
select
  booking_id, slot_id, student, teacher, note, price, currency, booked_by, status, cancelled_by, cancel_reason,
  cancel_reason_by, late, fee, booked_at, cancelled_at, starts_at, ends_at, rating, review, reviewed_at
from jsonb_to_recordset($1) as new (
  booking_id uuid, slot_id uuid, student uuid, teacher uuid, note text, price bigint, currency text,
  booked_by text, status text, cancelled_by text, cancel_reason text, cancel_reason_by uuid, late boolean,
  fee bigint, booked_at timestamptz, cancelled_at timestamptz, starts_at timestamptz, ends_at timestamptz,
  rating smallint, review text, reviewed_at timestamptz)
on conflict (booking_id) do update set
  slot_id = excluded.slot_id,
  teacher = excluded.teacher,
  note = excluded.note,
  price = excluded.price,
  currency = excluded.currency,
  booked_by = excluded.booked_by,
  status = excluded.status,
  cancelled_by = excluded.cancelled_by,
  cancel_reason = excluded.cancel_reason,
  cancel_reason_by = excluded.cancel_reason_by,
  late = excluded.late,
  fee = excluded.fee,
  cancelled_at = excluded.cancelled_at,
  starts_at = excluded.starts_at,
  ends_at = excluded.ends_at,
  rating = excluded.rating,
  review = excluded.review,
  reviewed_at = excluded.reviewed_at
