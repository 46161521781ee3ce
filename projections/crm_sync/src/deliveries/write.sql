insert into deliveries (id, account_id, what, ticket_id, state, attempts, external_id, last_cause,
  last_status, requested_at, delivered_at, retry_at, drift, position)
select
  r.id, r.account_id, case when r.ticket_id is null then 'user' else 'ticket' end, r.ticket_id,
  r.state, r.attempts, r.external_id, r.last_cause, r.last_status, r.requested_at, r.delivered_at,
  r.retry_at, r.drift::jsonb, r.position
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::text[], $7::text[],
  $8::integer[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::bigint[])
  as r (id, account_id, ticket_id, state, attempts, external_id, last_cause, last_status, requested_at,
    delivered_at, retry_at, drift, position)
on conflict (id) do update
set state = excluded.state,
    attempts = excluded.attempts,
    external_id = excluded.external_id,
    last_cause = excluded.last_cause,
    last_status = excluded.last_status,
    requested_at = excluded.requested_at,
    delivered_at = excluded.delivered_at,
    retry_at = excluded.retry_at,
    drift = excluded.drift,
    position = excluded.position
