-- Where in the log a row last changed, so that lists can be shown as of any position: what has not changed since
-- is read, the rest is folded again (projections/src/crm/past). No index: a sign-in shall rewrite one row only.
alter table crm.users add column position bigint not null default 0;
comment on column crm.users.position is 'Of the last event that changed the row, in the whole log';

alter table crm.tickets add column position bigint not null default 0;
comment on column crm.tickets.position is 'Of the last event of the ticket, in the whole log';

-- The latest of everybody's lines, for the first page; also as of a position.
create index timeline_position on crm.timeline (position);
