with backlog as (
  select count(*) as waiting, min(t.recorded_at) as oldest
  from process.tasks t
  where t.kind = $1 and t.state in ('waiting', 'running')
), deliveries as (
  select
    count(*) filter (where d.state = 'delivered') as delivered,
    count(*) filter (where d.state = 'retrying') as failed,
    count(*) filter (where d.state = 'abandoned') as abandoned,
    count(*) filter (where d.drift is not null) as drifted
  from crm.deliveries d
), last as (
  select a.outcome, a.status
  from process.crm_attempts a
  order by a.id desc
  limit 1
), success as (
  select a.at
  from process.crm_attempts a
  where a.outcome = 'answered'
  order by a.id desc
  limit 1
), latency as (
  select
    percentile_disc(0.5) within group (order by a.latency_ms) as p50,
    percentile_disc(0.99) within group (order by a.latency_ms) as p99
  from (
    select latency_ms
    from process.crm_attempts
    where outcome = 'answered'
    order by id desc
    limit 1000
  ) a
)
select
  backlog.waiting as "backlog?",
  greatest(0, extract(epoch from $2::timestamptz - backlog.oldest))::bigint as "oldest_age_seconds?",
  deliveries.delivered as "delivered?",
  deliveries.failed as "failed?",
  deliveries.abandoned as "abandoned?",
  deliveries.drifted as "drifted?",
  last.outcome as "last_outcome?",
  last.status as "last_status?",
  success.at as "last_success_at?: jiff_sqlx::Timestamp",
  latency.p50 as "p50?",
  latency.p99 as "p99?"
from backlog
cross join deliveries
cross join latency
left join last on true
left join success on true
