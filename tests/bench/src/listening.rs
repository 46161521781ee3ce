//! The projection runtime, started on the log of a bench.

use std::sync::Arc;

use domain::{Position, SystemClock};
use projection_runtime::{Components, ProjectionRuntime, Roles, RuntimeSettings, StreamSettings};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio_util::sync::CancellationToken;

use crate::error::BenchError;
use crate::notebook::new_id;
use crate::one_table::{NAME, OneTable};
use crate::tickets::Tickets;

/// A running runtime.
pub(crate) struct Listening {
    pub projections: Arc<ProjectionRuntime>,
    cancel: CancellationToken,
}

impl Listening {
    pub async fn start(
        pool: &PgPool,
        tickets: &Tickets,
        stream: Option<StreamSettings>,
        roles: Roles,
    ) -> Result<Self, BenchError> {
        let parts = Components {
            pool: pool.clone(),
            log: tickets.log(),
            committed: tickets.bus.committed(),
            clock: Arc::new(SystemClock),
            read_models: vec![Arc::new(OneTable)],
            process_managers: vec![],
            task_handlers: vec![],
        };
        let cancel = CancellationToken::new();
        let settings = RuntimeSettings { stream, ..RuntimeSettings::default() };
        let projections = ProjectionRuntime::start(parts, settings, roles, cancel.clone())
            .await
            .map_err(|error| BenchError::Listening(error.to_string()))?;
        Ok(Self { projections, cancel })
    }

    /// Waits until the read model has reached this position.
    pub async fn reached(&self, position: Position) {
        let mut here = self.projections.position(NAME).expect("it was started with this read model");
        here.wait_for(|now| *now >= position).await.expect("the runtime outlives this");
    }

    pub async fn end(self) {
        self.cancel.cancel();
        self.projections.wait_until_ended().await;
    }
}

/// A pool with the settings of the program.
pub(crate) async fn pool(database: &PgConnectOptions) -> Result<PgPool, BenchError> {
    let database = database.clone().options([("jit", "off")]);
    Ok(PgPoolOptions::new().max_connections(8).connect_with(database).await?)
}

/// A stream for this bench alone.
pub(crate) fn own_stream(nats_url: &str) -> StreamSettings {
    let name = format!("bench{}", new_id().simple());
    StreamSettings { prefix: name.clone(), name, ..StreamSettings::at(nats_url) }
}

/// Deletes the stream.
pub(crate) async fn drop_stream(stream: &StreamSettings) -> Result<(), BenchError> {
    let client =
        projection_runtime::connect(stream).await.map_err(|error| BenchError::Stream(error.to_string()))?;
    async_nats::jetstream::new(client)
        .delete_stream(&stream.name)
        .await
        .map_err(|error| BenchError::Stream(error.to_string()))?;
    Ok(())
}
