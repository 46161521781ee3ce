-- What has not changed since is as it is.
create temporary view users as
select
  account_id, type, status, roles, name, nickname, email, phone, name_key, subjects, registered_at, last_active_at,
  lessons_completed, rating, rating_sum, reviews_count, tickets_open, version, position, search, search_contacts
from crm.users
where position <= $position
union all
select
  one.account_id, shape.type, shape.status, shape.roles, shape.name, shape.nickname, shape.email, shape.phone,
  shape.name_key, shape.subjects, one.registered_at, was.last_active_at, was.lessons_completed,
  was.rating_sum::double precision / nullif(was.reviews_count, 0), was.rating_sum, was.reviews_count,
  was.tickets_open, was.version, was.position, shape.search, shape.search_contacts
from crm.users as one
cross join lateral (
  select *
  from crm.user_versions
  where account_id = one.account_id
    and position <= $position
  order by position desc
  limit 1
) as was
cross join lateral (
  select *
  from crm.user_shapes
  where account_id = one.account_id
    and position <= $position
  order by position desc
  limit 1
) as shape
where one.position > $position
