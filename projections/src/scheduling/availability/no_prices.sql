delete from teacher_prices
using teacher_times touched
where touched.teacher = any($1)
  and teacher_prices.teacher = touched.teacher
  and not exists (
    select
    from slots slot
    where slot.teacher = touched.teacher
      and slot.free
      and slot.starts_at > touched.touched_at
      and slot.currency = teacher_prices.currency)
