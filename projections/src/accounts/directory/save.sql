insert into accounts (
  account_id, status, roles, name, nickname, email, phone, email_verified, locale, time_zone, avatar,
  created_at, last_active_at, version, search)
select
  account_id, status, roles, name, nickname, email, phone, email_verified, locale, time_zone, avatar,
  created_at, last_active_at, version,
  to_tsvector('simple', words) || to_tsvector('russian', words)
from jsonb_to_recordset($1) as new (
  account_id uuid, status text, roles text[], name text, nickname text, email text, phone text,
  email_verified boolean, locale text, time_zone text, avatar uuid,
  created_at timestamptz, last_active_at timestamptz, version bigint, words text)
on conflict (account_id) do update set
  status = excluded.status,
  roles = excluded.roles,
  name = excluded.name,
  nickname = excluded.nickname,
  email = excluded.email,
  phone = excluded.phone,
  email_verified = excluded.email_verified,
  locale = excluded.locale,
  time_zone = excluded.time_zone,
  avatar = excluded.avatar,
  created_at = excluded.created_at,
  last_active_at = excluded.last_active_at,
  version = excluded.version,
  search = excluded.search
