insert into teacher_prices (teacher, currency, price, until)
select
  touched.teacher,
  slot.currency,
  min(slot.price),
  (array_agg(slot.starts_at order by slot.price, slot.starts_at desc))[1]
from teacher_times touched
join slots slot on slot.teacher = touched.teacher and slot.free and slot.starts_at > touched.touched_at
where touched.teacher = any($1)
group by touched.teacher, slot.currency
on conflict (teacher, currency) do update set
  price = excluded.price,
  until = excluded.until
