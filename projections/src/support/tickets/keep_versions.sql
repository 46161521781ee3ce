insert into ticket_versions (
  ticket_id, position, status, priority, category, tags, assignee, merged_into, updated_at, first_response_at,
  resolved_at, replies, notes, rating, first_response_due_at, resolution_due_at, first_response_missed_at,
  resolution_missed_at, due_at, version)
select
  ticket_id, position, status, priority, category, tags, assignee, merged_into, updated_at, first_response_at,
  resolved_at, replies, notes, rating, first_response_due_at, resolution_due_at, first_response_missed_at,
  resolution_missed_at, due_at, version
from jsonb_to_recordset($1) as new (
  ticket_id uuid, position bigint, status text, priority text, category text, tags text[], assignee uuid,
  merged_into uuid, updated_at timestamptz, first_response_at timestamptz, resolved_at timestamptz,
  replies integer, notes integer, rating smallint, first_response_due_at timestamptz,
  resolution_due_at timestamptz, first_response_missed_at timestamptz, resolution_missed_at timestamptz,
  due_at timestamptz, version bigint)
