delete from teacher_prices
using unnest($1::uuid[], $2::timestamptz[]) as touched (teacher, at)
where teacher_prices.teacher = touched.teacher
  and not exists (
    select
    from slots slot
    where slot.teacher = touched.teacher
      and slot.free
      and slot.starts_at > touched.at
      and slot.currency = teacher_prices.currency)
