-- $1: who asks, as their teacher or as a student in them; $2: closed or not, null for both;
-- $3 and $4: when the class behind which the page begins was created (microseconds), and its id;
-- $5: how many. The latest first, each with the people in it.
select
  to_jsonb(class) || jsonb_build_object(
    'students', coalesce(members.students, '[]'),
    'teacher_name', teacher.name
  ) as "row!: Json<ClassDetails>"
from app.classes as class
left join app.accounts as teacher on teacher.account_id = class.teacher
left join lateral (
  select jsonb_agg(
    jsonb_build_object('account_id', member.student, 'name', student.name)
    order by member.added_at, member.student) as students
  from app.class_students as member
  left join app.accounts as student on student.account_id = member.student
  where member.class_id = class.class_id
) as members on true
where (class.teacher = $1
    or exists (
      select from app.class_students as own
      where own.class_id = class.class_id
        and own.student = $1))
  and ($2::boolean is null or class.closed = $2)
  and ($3::bigint is null
    or (class.created_at, class.class_id)
      < ('epoch'::timestamptz + $3 * interval '1 microsecond', $4::uuid))
order by class.created_at desc, class.class_id desc
limit $5
