//! Peer of a read model: the stock view repository, event after event.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use cqrs_es::persist::GenericQuery;
use cqrs_es::{EventEnvelope, Query, View};
use domain::support::{Ticket, TicketEvent};
use domain::{Event, EventLog, Position};
use postgres_es::PostgresViewRepository;
use serde::{Deserialize, Serialize};
use sqlx::{Executor, PgPool};

use crate::error::BenchError;

/// The same row as ours, in the JSON form of the stock crate.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct TicketView {
    requester: String,
    title: Option<String>,
}

impl View<Ticket> for TicketView {
    fn update(&mut self, event: &EventEnvelope<Ticket>) {
        let TicketEvent::TicketOpened { requester, title, .. } = &event.payload else { return };
        self.requester = requester.to_string();
        self.title = title.known().cloned();
    }
}

/// Applies so many events one by one; returns events per second.
pub(crate) async fn rate(pool: &PgPool, log: &dyn EventLog, events: usize) -> Result<f64, BenchError> {
    pool.execute(
        "drop table if exists public.stock_view;
         create table public.stock_view (
           view_id text primary key, version bigint check (version >= 0) not null, payload json not null)",
    )
    .await?;
    let repository = PostgresViewRepository::<TicketView, Ticket>::new("public.stock_view", pool.clone());
    let query = GenericQuery::new(Arc::new(repository));
    let opened = log.decode(&log.read(Position::START, events).await?).await?;
    let started = Instant::now();
    for recorded in opened {
        let Event::Ticket(payload) = recorded.event else { continue };
        let envelope = EventEnvelope {
            aggregate_id: recorded.stream.aggregate_id.clone(),
            sequence: recorded.sequence.0 as usize,
            payload,
            metadata: HashMap::new(),
        };
        query.dispatch(&recorded.stream.aggregate_id, &[envelope]).await;
    }
    Ok(events as f64 / started.elapsed().as_secs_f64())
}
