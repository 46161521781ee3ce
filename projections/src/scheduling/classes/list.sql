-- $1: who asks, as their teacher or as a student in them; $2: closed or not, null for both;
-- $3 and $4: when the class behind which the page begins was created (microseconds), and its id;
-- $5: how many. The latest first.
select
  class.class_id, class.teacher, class.name, class.description, class.subject, class.grade, class.colour,
  class.capacity, class.closed, class.created_at as "created_at: jiff_sqlx::Timestamp", class.version
from app.classes as class
where (class.teacher = $1
    or exists (
      select from app.class_students as member
      where member.class_id = class.class_id
        and member.student = $1))
  and ($2::boolean is null or class.closed = $2)
  and ($3::bigint is null
    or (class.created_at, class.class_id)
      < ('epoch'::timestamptz + $3 * interval '1 microsecond', $4::uuid))
order by class.created_at desc, class.class_id desc
limit $5
