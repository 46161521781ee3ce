-- Stored answers are sealed under the keys of the people whom they name. The erasure of one of them makes the
-- answer unreadable; a repetition is then answered from the log.
alter table http.idempotency add column subjects uuid[] not null default '{}';

-- Answers that were stored before are plain and may name anybody. Their keys stay, and a repetition is answered
-- from the log.
update http.idempotency
set status = null, headers = null, body = null, finished_at = null, busy_until = null
where status is not null;

-- What one account may store in a day.
create table http.idempotency_use (
  actor text not null,
  day date not null,
  keys bigint not null default 0,
  bytes bigint not null default 0,
  primary key (actor, day)
);
create index idempotency_use_day on http.idempotency_use (day);
