insert into teacher_lessons (
  slot_id, teacher, seated, absent, completed, teacher_absent, held, attended)
select slot_id, teacher, seated, absent, completed, teacher_absent, held, attended
from jsonb_to_recordset($1) as new (
  slot_id uuid, teacher uuid, seated uuid[], absent uuid[], completed boolean, teacher_absent boolean,
  held boolean, attended uuid[])
on conflict (slot_id) do update set
  teacher = excluded.teacher,
  seated = excluded.seated,
  absent = excluded.absent,
  completed = excluded.completed,
  teacher_absent = excluded.teacher_absent,
  held = excluded.held,
  attended = excluded.attended
