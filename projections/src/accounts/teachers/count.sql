select count(*) as "count!"
from app.teachers
where shown
  and ($1::text is null or subjects @> array[$1])
  and ($2::text is null or grades @> array[$2])
  and ($3::text is null or goals @> array[$3])
  and ($4::text is null or experience = $4)
  and ($5::text is null or formats @> array[$5])
  and ($6::smallint is null or durations @> array[$6])
  and ($7::text is null or lesson_types @> array[$7])
  and ($8::text is null or city_key = $8)
  and ($9::double precision is null or rating >= $9)
  and ($10::bigint is null or (hourly_rate <= $10 and currency = $11::text))
  and ($12::boolean is null or takes_requests = $12)
  and ($13::text is null or search @@ (to_tsquery('simple', $13) || to_tsquery('russian', $13)))
