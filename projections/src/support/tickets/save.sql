insert into tickets (
  ticket_id, title, description, status, own_status, priority, category, tags, requester, channel,
  assignee, assigned_at, merged_into, opened_at, updated_at, first_response_at, resolved_at, replies,
  notes, rating, rating_comment, sla, first_response_due_at, resolution_due_at,
  first_response_missed_at, resolution_missed_at, due_at, version, position, search, search_contacts)
select
  ticket_id, title, description, status, own_status, priority, category, tags, requester, channel,
  assignee, assigned_at, merged_into, opened_at, updated_at, first_response_at, resolved_at, replies,
  notes, rating, rating_comment, sla, first_response_due_at, resolution_due_at,
  first_response_missed_at, resolution_missed_at, due_at, version, position,
  to_tsvector('simple', words) || to_tsvector('russian', words) || to_tsvector('english', words),
  to_tsvector('simple', words_with_contacts) || to_tsvector('russian', words_with_contacts)
    || to_tsvector('english', words_with_contacts)
from jsonb_to_recordset($1) as new (
  ticket_id uuid, title text, description text, status text, own_status text, priority text,
  category text, tags text[], requester uuid, channel text, assignee uuid, assigned_at timestamptz,
  merged_into uuid, opened_at timestamptz, updated_at timestamptz, first_response_at timestamptz,
  resolved_at timestamptz, replies integer, notes integer, rating smallint, rating_comment text,
  sla jsonb, first_response_due_at timestamptz, resolution_due_at timestamptz,
  first_response_missed_at timestamptz, resolution_missed_at timestamptz, due_at timestamptz,
  version bigint, position bigint, words text, words_with_contacts text)
on conflict (ticket_id) do update set
  title = excluded.title,
  description = excluded.description,
  status = excluded.status,
  own_status = excluded.own_status,
  priority = excluded.priority,
  category = excluded.category,
  tags = excluded.tags,
  assignee = excluded.assignee,
  assigned_at = excluded.assigned_at,
  merged_into = excluded.merged_into,
  updated_at = excluded.updated_at,
  first_response_at = excluded.first_response_at,
  resolved_at = excluded.resolved_at,
  replies = excluded.replies,
  notes = excluded.notes,
  rating = excluded.rating,
  rating_comment = excluded.rating_comment,
  sla = excluded.sla,
  first_response_due_at = excluded.first_response_due_at,
  resolution_due_at = excluded.resolution_due_at,
  first_response_missed_at = excluded.first_response_missed_at,
  resolution_missed_at = excluded.resolution_missed_at,
  due_at = excluded.due_at,
  version = excluded.version,
  position = excluded.position,
  search = excluded.search,
  search_contacts = excluded.search_contacts
