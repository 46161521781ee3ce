-- The lists of the CRM as of a position: beside the live tables, with their names, so that a query reads either by
-- its search path (projections/src/crm/lists.rs). What has not changed since is as it is; the rest from how it was.
create schema past;
comment on schema past is 'The lists of the CRM as of the position and instant that the settings kafedra.position and kafedra.instant name; who is erased by now was never known';

create function past.as_of() returns bigint
language sql stable
return current_setting('kafedra.position')::bigint;
comment on function past.as_of() is 'The position as of which the views of this schema show everything';

create function past.instant() returns timestamptz
language sql stable
return current_setting('kafedra.instant')::timestamptz;
comment on function past.instant() is 'Not before the event at that position; what began later is passed over by index';

create view past.users as
select
  account_id, held.type, held.status, held.roles, held.name, held.nickname, held.email, held.phone, held.name_key,
  held.subjects, registered_at, held.last_active_at, held.lessons_completed, held.rating, held.rating_sum,
  held.reviews_count, held.tickets_open, held.version, held.position, held.search, held.search_contacts
from crm.users as one
cross join lateral (
  select
    one.type, one.status, one.roles, one.name, one.nickname, one.email, one.phone, one.name_key, one.subjects,
    one.last_active_at, one.lessons_completed, one.rating, one.rating_sum, one.reviews_count, one.tickets_open,
    one.version, one.position, one.search, one.search_contacts
  where one.position <= (select past.as_of())
  union all
  select
    shape.type, shape.status, shape.roles, shape.name, shape.nickname, shape.email, shape.phone, shape.name_key,
    shape.subjects, was.last_active_at, was.lessons_completed,
    was.rating_sum::double precision / nullif(was.reviews_count, 0), was.rating_sum, was.reviews_count,
    was.tickets_open, was.version, was.position, shape.search, shape.search_contacts
  from (
    select *
    from crm.user_versions
    where account_id = one.account_id
      and position <= (select past.as_of())
    order by position desc
    limit 1
  ) as was
  cross join (
    select *
    from crm.user_shapes
    where account_id = one.account_id
      and position <= (select past.as_of())
    order by position desc
    limit 1
  ) as shape
  where one.position > (select past.as_of())
) as held
where one.registered_at <= (select past.instant());

create view past.tickets as
select
  ticket_id, title, description, held.status, held.priority, held.category, held.tags, requester, channel,
  held.assignee, held.merged_into, opened_at, held.updated_at, held.first_response_at, held.resolved_at, held.replies,
  held.notes, held.rating, sla, held.first_response_due_at, held.resolution_due_at, held.first_response_missed_at,
  held.resolution_missed_at, held.due_at, held.version, held.position, search
from crm.tickets as one
cross join lateral (
  select
    one.status, one.priority, one.category, one.tags, one.assignee, one.merged_into, one.updated_at,
    one.first_response_at, one.resolved_at, one.replies, one.notes, one.rating, one.first_response_due_at,
    one.resolution_due_at, one.first_response_missed_at, one.resolution_missed_at, one.due_at, one.version,
    one.position
  where one.position <= (select past.as_of())
  union all
  select
    was.status, was.priority, was.category, was.tags, was.assignee, was.merged_into, was.updated_at,
    was.first_response_at, was.resolved_at, was.replies, was.notes, was.rating, was.first_response_due_at,
    was.resolution_due_at, was.first_response_missed_at, was.resolution_missed_at, was.due_at, was.version,
    was.position
  from (
    select *
    from crm.ticket_versions
    where ticket_id = one.ticket_id
      and position <= (select past.as_of())
    order by position desc
    limit 1
  ) as was
  where one.position > (select past.as_of())
) as held
where one.opened_at <= (select past.instant());

create view past.ticket_texts as
select * from crm.ticket_texts where position <= (select past.as_of());

create view past.timeline as
select * from crm.timeline where position <= (select past.as_of());
