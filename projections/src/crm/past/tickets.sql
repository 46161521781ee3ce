-- What has not changed since is as it is.
create temporary view tickets as
select
  ticket_id, title, description, status, priority, category, tags, requester, channel, assignee, merged_into,
  opened_at, updated_at, first_response_at, resolved_at, replies, notes, rating, sla, first_response_due_at,
  resolution_due_at, first_response_missed_at, resolution_missed_at, due_at, version, position, search
from crm.tickets
where position <= $position
union all
select
  one.ticket_id, one.title, one.description, was.status, was.priority, was.category, was.tags, one.requester,
  one.channel, was.assignee, was.merged_into, one.opened_at, was.updated_at, was.first_response_at,
  was.resolved_at, was.replies, was.notes, was.rating, one.sla, was.first_response_due_at, was.resolution_due_at,
  was.first_response_missed_at, was.resolution_missed_at, was.due_at, was.version, was.position, one.search
from crm.tickets as one
cross join lateral (
  select *
  from crm.ticket_versions
  where ticket_id = one.ticket_id
    and position <= $position
  order by position desc
  limit 1
) as was
where one.position > $position
