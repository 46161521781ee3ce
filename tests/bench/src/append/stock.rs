//! The peer: cqrs-es and postgres-es as published, on their own tables.

use std::collections::HashMap;
use std::sync::Arc;

use cqrs_es::persist::PersistedEventStore;
use cqrs_es::{AggregateError, CqrsFramework};
use domain::{AccountId, Clock, SystemClock};
use postgres_es::PostgresEventRepository;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor, PgConnection, PgPool};

use super::EVENTS_BEFORE;
use crate::error::BenchError;
use crate::notebook::{AddNotes, Notebook, authors, context};

/// Tables of postgres-es 0.5 (its `db/init.sql`), in their own schema.
const TABLES: &str = "
    create schema stock;
    create table stock.events (
      aggregate_type text not null,
      aggregate_id text not null,
      sequence bigint check (sequence >= 0) not null,
      event_type text not null,
      event_version text not null,
      payload json not null,
      metadata json not null,
      primary key (aggregate_type, aggregate_id, sequence)
    );";

/// The prepared tables, and an aggregate of ten events to copy.
pub(crate) struct Stock {
    database: PgConnectOptions,
    template: AccountId,
}

/// The stock framework with its pool.
#[derive(Clone)]
pub(crate) struct StockPeer {
    framework: Arc<CqrsFramework<Notebook, PersistedEventStore<PostgresEventRepository, Notebook>>>,
    pool: PgPool,
}

impl Stock {
    pub async fn prepare(
        database: &PgConnectOptions,
        connection: &mut PgConnection,
    ) -> Result<Self, BenchError> {
        connection.execute(TABLES).await?;
        let stock = Self { database: database.clone(), template: authors(1)[0] };
        let peer = stock.open(1).await?;
        peer.add_notes(stock.template, EVENTS_BEFORE).await?;
        peer.close().await;
        Ok(stock)
    }

    /// Gives each author the events of the template.
    pub async fn fill(&self, authors: &[AccountId]) -> Result<(), BenchError> {
        let peer = self.open(1).await?;
        let ids: Vec<String> = authors.iter().map(AccountId::to_string).collect();
        sqlx::query(
            "insert into stock.events
             select t.aggregate_type, copy.id, t.sequence, t.event_type, t.event_version, t.payload, t.metadata
             from unnest($1::text[]) copy (id), stock.events t
             where t.aggregate_id = $2
             order by copy.id, t.sequence",
        )
        .bind(ids)
        .bind(self.template.to_string())
        .execute(&peer.pool)
        .await?;
        peer.close().await;
        Ok(())
    }

    /// Opens the framework with all of its connections.
    pub async fn open(&self, connections: usize) -> Result<StockPeer, BenchError> {
        let connections = u32::try_from(connections).expect("at most 64");
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .min_connections(connections)
            .connect_with(self.database.clone())
            .await?;
        let repository =
            PostgresEventRepository::new(pool.clone()).with_tables("stock.events", "stock.snapshots");
        let store = PersistedEventStore::new_event_store(repository);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Ok(StockPeer { framework: Arc::new(CqrsFramework::new(store, vec![], clock)), pool })
    }
}

impl StockPeer {
    pub async fn add_notes(&self, author: AccountId, count: usize) -> Result<(), BenchError> {
        match self.try_add_notes(author, count).await? {
            true => Ok(()),
            false => Err(BenchError::Peer("a stream without another writer has moved".to_owned())),
        }
    }

    /// Returns whether the writer won; a writer that lost retries.
    pub async fn try_add_notes(&self, author: AccountId, count: usize) -> Result<bool, BenchError> {
        let metadata = serde_json::to_value(context(author).metadata()).expect("metadata serialises");
        let metadata: HashMap<String, String> =
            serde_json::from_value(metadata).expect("metadata is a flat map of texts");
        let command = AddNotes { author, count };
        match self.framework.execute_with_metadata(&author.to_string(), command, metadata).await {
            Ok(()) => Ok(true),
            Err(AggregateError::AggregateConflict) => Ok(false),
            Err(error) => Err(BenchError::Peer(error.to_string())),
        }
    }

    pub async fn close(self) {
        self.pool.close().await;
    }
}
