-- Ids of events and of their causes, so that an auditor can follow a cause to its event.
alter table app.event_index add column event_id uuid;
alter table app.event_index add column causation_id uuid;
create index event_index_event on app.event_index (event_id);
create index event_index_causation on app.event_index (causation_id, position);
