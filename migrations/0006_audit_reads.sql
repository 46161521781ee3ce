-- Who looked at the log, when, and at what: reads of auditors are recorded before they are answered.

create table http.audit_reads (
  read_id bigint primary key generated always as identity,
  account_id uuid not null,
  read_at timestamptz not null,
  -- Filters are ids, types and instants: nothing personal.
  path_and_query text not null,
  -- application/json, text/csv or application/x-ndjson: whether it was a page or a file.
  content_type text not null,
  correlation_id uuid not null
);
create index audit_reads_account on http.audit_reads (account_id, read_id);
