select
  account_id, status as "status: _", is_teacher, name, nickname, avatar, bio, locale, time_zone, city,
  country, subjects, goals, grades, formats, lesson_types, durations, experience, experience_years,
  teacher_type, education as "education: _", offline_available, takes_requests, hourly_rate, currency,
  rating, reviews_count, lessons_count, students_count, created_at as "created_at: jiff_sqlx::Timestamp", version
from app.teachers
where shown
  and account_id = $1
