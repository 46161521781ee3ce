-- How rows of the CRM's lists were, so that they can be shown as of any position: a version for each event that
-- changed the row. Kept by the read models `crm_users` and `tickets`; they follow from the events alone.

-- crm_users ---------------------------------------------------------------------------------------
-- What most events change.
create table crm.user_versions (
  account_id uuid not null,
  position bigint not null,
  last_active_at timestamptz not null,
  lessons_completed integer not null,
  rating_sum bigint not null,
  reviews_count integer not null,
  tickets_open integer not null,
  version bigint not null,
  primary key (account_id, position)
);
comment on table crm.user_versions is 'Counters of each user after each event that changed the row; as of a position the last one up to it holds';
comment on column crm.user_versions.position is 'Of the event, in the whole log';
comment on column crm.user_versions.version is 'Sequence of the last event of the account up to there';

-- What few events change.
create table crm.user_shapes (
  account_id uuid not null,
  position bigint not null,
  type text not null,
  status text not null,
  roles text[] not null,
  name text,
  nickname text,
  email text,
  phone text,
  name_key text collate "C" not null,
  subjects text[] not null,
  search tsvector not null,
  search_contacts tsvector not null,
  primary key (account_id, position)
);
comment on table crm.user_shapes is 'Who each user was after each event that changed it; names and contacts go from all of them with an erasure';
comment on column crm.user_shapes.position is 'Of the event, in the whole log';

-- tickets -----------------------------------------------------------------------------------------
create table crm.ticket_versions (
  ticket_id uuid not null,
  position bigint not null,
  status text not null,
  priority text not null,
  category text not null,
  tags text[] not null,
  assignee uuid,
  merged_into uuid,
  updated_at timestamptz not null,
  first_response_at timestamptz,
  resolved_at timestamptz,
  replies integer not null,
  notes integer not null,
  rating smallint,
  first_response_due_at timestamptz,
  resolution_due_at timestamptz,
  first_response_missed_at timestamptz,
  resolution_missed_at timestamptz,
  due_at timestamptz,
  version bigint not null,
  primary key (ticket_id, position)
);
comment on table crm.ticket_versions is 'Each ticket after each of its events; as of a position the last one up to it holds. Its texts do not change';
comment on column crm.ticket_versions.position is 'Of the event, in the whole log';
