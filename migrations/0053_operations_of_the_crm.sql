-- An older external CRM serves only a part of its contract. Deliveries go on without the operations that it does not
-- know, and are sent again when it knows them.
create table process.crm_unsupported_operations (
  operation text primary key,
  status integer not null,
  since timestamptz not null,
  last_at timestamptz not null,
  regained_at timestamptz
);

comment on table process.crm_unsupported_operations is 'Operations of the contract that the external CRM does not serve';
comment on column process.crm_unsupported_operations.status is 'HTTP status of the last answer: 404 without the JSON of the contract, 405 or 501';
comment on column process.crm_unsupported_operations.since is 'Instant of the first such answer in a row';
comment on column process.crm_unsupported_operations.last_at is 'Instant of the last such answer';
comment on column process.crm_unsupported_operations.regained_at is 'Instant of the first valid answer; the row is deleted when the incomplete deliveries are requested again';
