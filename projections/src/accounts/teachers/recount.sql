update teachers
set lessons_count = counted.lessons,
    students_count = counted.students,
    behind = false
from (
  select
    changed.teacher,
    count(distinct lesson.slot_id)::integer as lessons,
    count(distinct student)::integer as students
  from unnest($1::uuid[]) as changed (teacher)
  left join teacher_lessons lesson on lesson.teacher = changed.teacher and lesson.held
  left join lateral unnest(lesson.attended) as student on true
  group by changed.teacher
) counted
where account_id = counted.teacher
