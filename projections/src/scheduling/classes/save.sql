insert into classes (
  class_id, teacher, name, description, subject, grade, colour, capacity, closed, created_at, version)
select
  class_id, teacher, name, description, subject, grade, colour, capacity, closed, created_at, version
from jsonb_to_recordset($1) as new (
  class_id uuid, teacher uuid, name text, description text, subject text, grade text, colour text,
  capacity smallint, closed boolean, created_at timestamptz, version bigint)
on conflict (class_id) do update set
  name = excluded.name,
  description = excluded.description,
  subject = excluded.subject,
  grade = excluded.grade,
  colour = excluded.colour,
  capacity = excluded.capacity,
  closed = excluded.closed,
  version = excluded.version
