-- As list.sql, with the same parameters.
select count(*) as "count!"
from app.teachers t
left join app.teacher_times times on times.teacher = t.account_id
left join app.teacher_prices cheapest on cheapest.teacher = t.account_id and cheapest.currency = $11::text
where t.shown
  and ($4::text is null or t.experience = $4)
  and ($8::text is null or t.city_key = $8)
  and ($9::double precision is null or t.rating >= $9)
  and ($12::boolean is null or t.takes_requests = $12)
  and ($13::text is null or t.search @@ (to_tsquery('simple', $13) || to_tsquery('russian', $13)))
  -- Any free slot, or none at all.
  and ($15::boolean is null or coalesce(times.last_at > $14::timestamptz, false) = $15)
  -- What the card says, where no slot is asked for.
  and ($16::boolean
       or (($1::text is null or t.subjects @> array[$1])
           and ($2::text is null or t.grades @> array[$2])
           and ($3::text is null or t.goals @> array[$3])
           and ($5::text is null or t.formats @> array[$5])
           and ($6::smallint is null or t.durations @> array[$6])
           and ($7::text is null or t.lesson_types @> array[$7])
           and ($10::bigint is null
                or case
                     when times.last_at > $14 then
                       cheapest.price <= $10
                       and (cheapest.until > $14
                            or exists (
                              select
                              from app.slots slot
                              where slot.teacher = t.account_id
                                and slot.free
                                and slot.starts_at > $14
                                and slot.currency = $11
                                and slot.price <= $10))
                     else t.hourly_rate <= $10 and t.currency = $11
                   end)))
  -- Else one free slot that has everything; first what rules out most who have none.
  and (not $16
       or (times.last_at > $14
           and ($17::timestamptz is null or times.last_at >= $17)
           and ($1 is null or times.subjects @> array[$1])
           and ($22::bigint is null
                or case when $21::timestamptz[] is null then times.local_halves else times.utc_halves end & $22 <> 0)
           and ($10 is null or cheapest.price <= $10)
           and exists (
             select
             from app.slots slot
             where slot.teacher = t.account_id
               and slot.free
               and slot.starts_at > $14
               and ($17 is null or slot.starts_at >= $17)
               and ($18::timestamptz is null or slot.starts_at < $18)
               and ($1 is null or slot.subject = $1)
               and ($5 is null or slot.format = $5)
               and ($7 is null or slot.lesson_type = $7)
               and ($6 is null or slot.ends_at - slot.starts_at = $6 * interval '1 minute')
               and ($10 is null or (slot.price <= $10 and slot.currency = $11))
               and ($2 is null or slot.grades @> array[$2] or (slot.grades = '{}' and t.grades @> array[$2]))
               and ($3 is null or slot.goals @> array[$3] or (slot.goals = '{}' and t.goals @> array[$3]))
               and ($20::integer is null
                    or case
                         when $21::timestamptz[] is null then slot.local_minute + 1440 - ($19::integer[])[1]
                         else
                           (extract(epoch from slot.starts_at)::bigint / 60 % 1440)::integer + 1440
                           - ($19::integer[])[width_bucket(slot.starts_at, $21)]
                       end % 1440 < $20))))
