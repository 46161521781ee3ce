-- Analysts search the words of tickets without the contacts in them; the words with contacts stand apart, for
-- support and admins.
alter table crm.tickets add column search_contacts tsvector not null default '';
create index tickets_search_contacts on crm.tickets using gin (search_contacts);
alter table crm.ticket_texts add column search_contacts tsvector not null default '';
create index ticket_texts_search_contacts on crm.ticket_texts using gin (search_contacts);

create or replace view past.tickets as
select
  ticket_id, title, description, held.status, held.priority, held.category, held.tags, requester, channel,
  held.assignee, held.merged_into, opened_at, held.updated_at, held.first_response_at, held.resolved_at, held.replies,
  held.notes, held.rating, sla, held.first_response_due_at, held.resolution_due_at, held.first_response_missed_at,
  held.resolution_missed_at, held.due_at, held.version, held.position, search, search_contacts
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

create or replace view past.ticket_texts as
select ticket_id, position, requester, kind, search, search_contacts
from crm.ticket_texts
where position <= (select past.as_of());

-- A masked address shows its top-level domain only where that is a common one.
create or replace function crm.masked_email(email text) returns text
language sql immutable parallel safe strict
return left(regexp_replace(email, '@[^@]*$', ''), 1) || '•••@' || coalesce(left(substring(email from '@([^@]*)$'), 1), '') || '•••.'
  || case
    when substring(substring(email from '@([^@]*)$') from '\.([^.]*)$') is null then ''
    when lower(substring(substring(email from '@([^@]*)$') from '\.([^.]*)$')) in (
      'com', 'net', 'org', 'info', 'biz', 'edu', 'ru', 'su', 'by', 'kz', 'ua', 'de', 'fr', 'uk', 'eu', 'io', 'me',
      'online', 'site', 'pro', 'example', 'test', 'рф', 'москва')
      then substring(substring(email from '@([^@]*)$') from '\.([^.]*)$')
    else '•••'
  end;
