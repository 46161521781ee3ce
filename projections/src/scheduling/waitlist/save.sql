insert into waitlist (
  entry_id, slot_id, student, status, closed, joined_position, joined_at, offer_expires_at, booking_id,
  ended_at, version)
select
  entry_id, slot_id, student, status, closed, joined_position, joined_at, offer_expires_at, booking_id,
  ended_at, version
from jsonb_to_recordset($1) as new (
  entry_id uuid, slot_id uuid, student uuid, status text, closed boolean, joined_position bigint,
  joined_at timestamptz, offer_expires_at timestamptz, booking_id uuid, ended_at timestamptz,
  version bigint)
on conflict (entry_id) do update set
  status = excluded.status,
  closed = excluded.closed,
  offer_expires_at = excluded.offer_expires_at,
  booking_id = excluded.booking_id,
  ended_at = excluded.ended_at,
  version = excluded.version
