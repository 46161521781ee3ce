insert into users (
  account_id, type, status, roles, name, nickname, email, phone, name_key, subjects, registered_at,
  last_active_at, lessons_completed, rating, rating_sum, reviews_count, tickets_open, version, position, search,
  search_contacts)
select
  account_id, type, status, roles, name, nickname, email, phone, name_key, subjects, registered_at,
  last_active_at, lessons_completed, rating, rating_sum, reviews_count, tickets_open, version, position,
  to_tsvector('simple', words) || to_tsvector('russian', words),
  to_tsvector('simple', words) || to_tsvector('russian', words) || to_tsvector('simple', contacts)
from jsonb_to_recordset($1) as new (
  account_id uuid, type text, status text, roles text[], name text, nickname text, email text,
  phone text, name_key text, subjects text[], registered_at timestamptz, last_active_at timestamptz,
  lessons_completed integer, rating double precision, rating_sum bigint, reviews_count integer,
  tickets_open integer, version bigint, position bigint, words text, contacts text)
on conflict (account_id) do update set
  type = excluded.type,
  status = excluded.status,
  roles = excluded.roles,
  name = excluded.name,
  nickname = excluded.nickname,
  email = excluded.email,
  phone = excluded.phone,
  name_key = excluded.name_key,
  subjects = excluded.subjects,
  registered_at = excluded.registered_at,
  last_active_at = excluded.last_active_at,
  lessons_completed = excluded.lessons_completed,
  rating = excluded.rating,
  rating_sum = excluded.rating_sum,
  reviews_count = excluded.reviews_count,
  tickets_open = excluded.tickets_open,
  version = excluded.version,
  position = excluded.position,
  search = excluded.search,
  search_contacts = excluded.search_contacts
