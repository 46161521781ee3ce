-- $14: the order; $15 and $16: key and id of the row behind which the page begins; $17: how many.
-- Every order is a number that grows along the list, then the id.
with ranked as (
  select
    account_id, status, is_teacher, name, nickname, avatar, bio, locale, time_zone, city, country,
    subjects, goals, grades, formats, lesson_types, durations, experience, experience_years,
    teacher_type, education, offline_available, takes_requests, hourly_rate, currency, rating,
    reviews_count, lessons_count, created_at, version,
    case $14::text
      when '-created_at' then -(extract(epoch from created_at) * 1000000)::bigint
      when 'hourly_rate' then coalesce(hourly_rate, 9223372036854775807)
      when '-hourly_rate' then -coalesce(hourly_rate, -1)
      when '-rating' then -(coalesce(rating, 0) * 1000000)::bigint
    end as rank
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
)
select
  account_id, status as "status: _", is_teacher, name, nickname, avatar, bio, locale, time_zone, city,
  country, subjects, goals, grades, formats, lesson_types, durations, experience, experience_years,
  teacher_type, education as "education: _", offline_available, takes_requests, hourly_rate, currency,
  rating, reviews_count, lessons_count, created_at as "created_at: jiff_sqlx::Timestamp", version
from ranked
where ($15::bigint is null or (rank, account_id) > ($15, $16::uuid))
order by rank, account_id
limit $17
