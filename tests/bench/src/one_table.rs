//! The read model of the benches: one row per ticket.

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::support::{Ticket, TicketEvent};
use domain::{Event, RecordedEvent};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::{Executor, PgConnection};
use uuid::Uuid;

use crate::error::BenchError;

pub(crate) const NAME: &str = "bench_tickets";

/// One table, written by one statement per batch.
pub(crate) struct OneTable;

impl OneTable {
    /// Creates the table, or empties it and deletes its checkpoint.
    pub async fn reset(connection: &mut PgConnection) -> Result<(), BenchError> {
        connection
            .execute(
                "create schema if not exists app;
                 create table if not exists app.bench_tickets (
                   ticket_id uuid primary key,
                   requester uuid not null,
                   title text,
                   opened_at timestamptz not null
                 );
                 truncate app.bench_tickets;
                 delete from projection.checkpoints where name = 'bench_tickets';",
            )
            .await?;
        Ok(())
    }
}

#[async_trait]
impl ReadModel for OneTable {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.bench_tickets"]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Ticket::TYPE
    }

    async fn apply(&self, rows: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let (mut ids, mut requesters, mut titles, mut times) = (vec![], vec![], vec![], vec![]);
        for recorded in events {
            let Event::Ticket(TicketEvent::TicketOpened { requester, title, .. }) = &recorded.event else {
                continue;
            };
            let id: Uuid = recorded.stream.aggregate_id.parse().map_err(|error: uuid::Error| {
                ApplyError::Poison { position: recorded.position, reason: error.to_string() }
            })?;
            ids.push(id);
            requesters.push(requester.uuid());
            titles.push(title.known().cloned());
            times.push(recorded.recorded_at.as_microsecond());
        }
        sqlx::query(
            "insert into bench_tickets (ticket_id, requester, title, opened_at)
             select id, requester, title, to_timestamp(micros / 1000000.0)
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) as t (id, requester, title, micros)
             on conflict do nothing",
        )
        .bind(ids)
        .bind(requesters)
        .bind(titles)
        .bind(times)
        .execute(rows)
        .await?;
        Ok(())
    }
}
