-- $2: now; $3: the currency in which a price is preferred; $4: how many slots of each teacher.
select
  wanted.teacher as "teacher!",
  next.slot_id as "slot_id!", next.starts_at as "starts_at!: jiff_sqlx::Timestamp",
  next.ends_at as "ends_at!: jiff_sqlx::Timestamp", next.zone as "zone!", next.subject as "subject!",
  next.lesson_type as "lesson_type!", next.format as "format!", next.price as "price!",
  next.currency as "currency!", cheapest.price as "min_price!", cheapest.currency as "min_currency!"
from unnest($1::uuid[]) as wanted (teacher)
cross join lateral (
  select slot_id, starts_at, ends_at, zone, subject, lesson_type, format, price, currency
  from app.slots slot
  where slot.teacher = wanted.teacher
    and slot.free
    and slot.starts_at > $2
  order by slot.starts_at, slot.slot_id
  limit $4
) next
cross join lateral (
  select price, currency
  from app.slots slot
  where slot.teacher = wanted.teacher
    and slot.free
    and slot.starts_at > $2
  order by slot.currency <> $3::text, slot.currency, slot.price
  limit 1
) cheapest
order by wanted.teacher, next.starts_at, next.slot_id
