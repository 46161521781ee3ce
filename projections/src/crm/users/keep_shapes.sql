insert into user_shapes (
  account_id, position, type, status, roles, name, nickname, email, phone, name_key, subjects, search,
  search_contacts)
select
  account_id, position, type, status, roles, name, nickname, email, phone, name_key, subjects,
  to_tsvector('simple', words) || to_tsvector('russian', words),
  to_tsvector('simple', words) || to_tsvector('russian', words) || to_tsvector('simple', contacts)
from jsonb_to_recordset($1) as new (
  account_id uuid, position bigint, type text, status text, roles text[], name text, nickname text,
  email text, phone text, name_key text, subjects text[], words text, contacts text)
