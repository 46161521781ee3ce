-- A completed lesson is held only if the teacher and a student came: analysts need not know the rule.
create or replace view crm.lessons as
select
  slot_id as lesson_id, teacher as teacher_id, starts_at, ends_at, zone as time_zone, subject, lesson_type,
  format, price, currency, capacity, seats_taken, status, teacher_absent, series_id, class_id, request_id,
  opened_at, started_at, completed_at,
  status = 'completed' and not teacher_absent and exists (
    select from app.bookings where bookings.slot_id = slots.slot_id and bookings.status = 'booked') as held
from app.slots;
comment on column crm.lessons.held is 'Whether the teacher and a student came, as the reports count it';

create or replace view crm.seats as
select
  booking_id, slot_id as lesson_id, student as student_id, teacher as teacher_id, price, currency, booked_by,
  status, cancelled_by, late as cancelled_late, fee, booked_at, cancelled_at, starts_at, ends_at, rating,
  reviewed_at,
  status = 'booked' and exists (
    select from app.slots
    where slots.slot_id = bookings.slot_id and slots.status = 'completed' and not slots.teacher_absent
  ) as attended
from app.bookings;
comment on column crm.seats.attended is 'Whether the student came to a lesson that was held, as the reports count it';
