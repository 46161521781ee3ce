//! A read model under a later version, so that an installation rebuilds it without new code.

use std::sync::Arc;

use async_trait::async_trait;
use domain::RecordedEvent;
use jiff::Timestamp;
use sqlx::PgConnection;

use crate::read_model::{ApplyError, ReadModel};

/// A read model whose version is that of its code plus a revision of the installation.
struct RevisedReadModel {
    model: Arc<dyn ReadModel>,
    revision: i32,
}

/// Adds a revision to the versions of read models. A higher one has them rebuilt at the next start.
pub fn revised(models: Vec<Arc<dyn ReadModel>>, revision: i32) -> Vec<Arc<dyn ReadModel>> {
    if revision == 0 {
        return models;
    }
    models
        .into_iter()
        .map(|model| Arc::new(RevisedReadModel { model, revision }) as Arc<dyn ReadModel>)
        .collect()
}

#[async_trait]
impl ReadModel for RevisedReadModel {
    fn name(&self) -> &'static str {
        self.model.name()
    }

    fn version(&self) -> i32 {
        self.model.version().saturating_add(self.revision)
    }

    fn tables(&self) -> &'static [&'static str] {
        self.model.tables()
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        self.model.handles(aggregate_type)
    }

    fn is_urgent(&self) -> bool {
        self.model.is_urgent()
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        self.model.apply(db, events).await
    }

    async fn apply_in_rebuild(
        &self,
        db: &mut PgConnection,
        events: &[RecordedEvent],
        end: Timestamp,
    ) -> Result<(), ApplyError> {
        self.model.apply_in_rebuild(db, events, end).await
    }

    fn read_indexes(&self) -> &'static [&'static str] {
        self.model.read_indexes()
    }

    async fn refresh_aggregates(&self, db: &mut PgConnection) -> Result<(), ApplyError> {
        self.model.refresh_aggregates(db).await
    }
}
