-- Tickets that go on after their opening: where they stand, who has them, what is due, what is said in
-- them. Read models: they follow from the events alone (projections/README.md).

-- tickets -----------------------------------------------------------------------------------------
alter table crm.tickets
  add column assignee uuid,
  add column assigned_at timestamptz,
  -- Merged tickets stand as closed; this is what they come back to.
  add column own_status text not null default 'open',
  add column merged_into uuid,
  add column updated_at timestamptz not null default 'epoch',
  add column first_response_at timestamptz,
  add column resolved_at timestamptz,
  add column replies integer not null default 0,
  add column notes integer not null default 0,
  add column rating smallint,
  -- Personal to the requester, like the texts.
  add column rating_comment text,
  -- The clock of the SLA (domain/src/support/sla); null where nothing is promised.
  add column sla jsonb,
  add column first_response_due_at timestamptz,
  add column resolution_due_at timestamptz,
  add column first_response_missed_at timestamptz,
  add column resolution_missed_at timestamptz,
  -- The earlier of the two that are due.
  add column due_at timestamptz,
  add column search tsvector not null default '';
alter table crm.tickets
  add check (status in ('open', 'in_progress', 'waiting', 'resolved', 'closed'));

create index tickets_opened on crm.tickets (opened_at desc, ticket_id);
create index tickets_updated on crm.tickets (updated_at desc, ticket_id);
create index tickets_assignee on crm.tickets (assignee, status) where assignee is not null;
create index tickets_live on crm.tickets (status, opened_at) where status in ('open', 'in_progress', 'waiting');
create index tickets_search on crm.tickets using gin (search);
comment on column crm.tickets.first_response_due_at is 'By when an agent has to answer, while the clock runs';
comment on column crm.tickets.resolution_due_at is 'By when it has to be resolved, while the clock runs';
comment on column crm.tickets.first_response_at is 'When an agent first answered';
comment on column crm.tickets.merged_into is 'The ticket in which this one goes on';

-- What is said in a ticket, to be found: each text stands by itself, so that no vector outgrows its limit.
create table crm.ticket_texts (
  ticket_id uuid not null,
  -- Of the event, in the whole log.
  position bigint not null,
  requester uuid not null,
  kind text not null check (kind in ('reply', 'note')),
  search tsvector not null,
  primary key (ticket_id, position)
);
create index ticket_texts_search on crm.ticket_texts using gin (search);
create index ticket_texts_requester on crm.ticket_texts (requester);
comment on table crm.ticket_texts is 'Words of the replies and internal notes of each ticket, for the search of the desk';

-- What agents keep for themselves and each other ---------------------------------------------------
-- No history: texts and filters that are changed and thrown away. Views go with their owner.
create schema if not exists desk;

create table desk.canned_replies (
  id uuid primary key,
  title text not null,
  -- With variables in double braces (domain/src/support/canned.rs).
  body text not null,
  made_by uuid not null,
  updated_at timestamptz not null
);
create index canned_replies_title on desk.canned_replies (title, id);

create table desk.views (
  id uuid primary key,
  owner uuid not null,
  name text not null,
  shared boolean not null,
  -- The parameters of a list of tickets, as in its address.
  query jsonb not null,
  updated_at timestamptz not null
);
create index views_owner on desk.views (owner, name);
create index views_shared on desk.views (name) where shared;
