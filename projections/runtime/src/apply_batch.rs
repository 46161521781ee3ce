//! Applies a batch and moves the checkpoint in one transaction; on failure finds the poison event.

use std::panic::AssertUnwindSafe;

use async_trait::async_trait;
use domain::{Event, EventEffects, Position, RecordedEvent};
use futures::FutureExt;
use sqlx::{Connection, PgConnection, PgPool};

use crate::checkpoint::{Checkpoint, HandlerKind};
use crate::error::error_chain;
use crate::read_model::{ApplyError, ReadModel};
use crate::repeated_failures::{RepeatedFailures, is_dubious};
use crate::stream::EventBatch;
use crate::supervise::panic_text;
use crate::table_copies::{drop_abandoned, drop_copies};

/// A read model or a process manager, as the runner uses it.
#[async_trait]
pub(crate) trait EventHandler: Send + Sync + 'static {
    fn name(&self) -> &'static str;
    fn kind(&self) -> HandlerKind;
    fn version(&self) -> i32;
    fn handles(&self, aggregate_type: &str) -> bool;
    /// Returns true if a new event handler starts at the first event.
    fn starts_at_beginning(&self) -> bool;
    /// Returns true if the runner does not pause between two batches.
    fn is_urgent(&self) -> bool {
        false
    }
    /// Applies events in order of position, in the transaction that moves the checkpoint.
    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError>;
    /// Deletes other copies of the tables in the same transaction, if one of these events erases a person.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the database is unavailable.
    async fn forget_copies(&self, _: &mut PgConnection, _: &[RecordedEvent]) -> Result<(), sqlx::Error> {
        Ok(())
    }
    /// Deletes the copies of the tables of killed rebuilds.
    ///
    /// # Errors
    /// [`sqlx::Error`] if the database is unavailable.
    async fn drop_abandoned_copies(&self, _: &PgPool) -> Result<(), sqlx::Error> {
        Ok(())
    }
    /// Runs after the commit of a batch with events.
    fn on_commit(&self) {}
}

/// Result of applying a batch.
#[derive(Debug)]
pub(crate) enum BatchResult {
    /// The checkpoint is at the end of the batch.
    Applied,
    /// The checkpoint is before this event, which cannot be applied.
    Poisoned { before: Position, position: Position, reason: String },
    /// The checkpoint is before this event, which is tried again.
    Partial { before: Position },
    /// Another runner or a rebuild has moved the checkpoint; nothing was written.
    CheckpointMoved,
}

/// Applies a batch and moves the checkpoint.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable or busy. Either nothing was written, or all of it if only
/// the acknowledgement of the commit was lost. The next attempt detects that by the checkpoint.
pub(crate) async fn apply_batch(
    pool: &PgPool,
    handler: &dyn EventHandler,
    seen: &Checkpoint,
    batch: &EventBatch,
    failures: &RepeatedFailures,
) -> Result<BatchResult, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    if !handler.kind().advance(&mut transaction, handler.name(), seen, batch.last).await? {
        return Ok(BatchResult::CheckpointMoved);
    }
    match apply_all(handler, &mut transaction, &batch.events).await {
        Ok(()) => {
            handler.forget_copies(&mut transaction, &batch.events).await?;
            transaction.commit().await?;
            Ok(BatchResult::Applied)
        }
        Err(ApplyError::Database(error))
            if is_transient(&error) && !failures.record(first_position(&batch.events), &error) =>
        {
            Err(error)
        }
        Err(_) => {
            transaction.rollback().await?;
            apply_one_by_one(pool, handler, seen, batch, failures).await
        }
    }
}

fn first_position(events: &[RecordedEvent]) -> Position {
    events.first().map_or(Position::START, |event| event.position)
}

async fn apply_all(
    handler: &dyn EventHandler,
    transaction: &mut PgConnection,
    events: &[RecordedEvent],
) -> Result<(), ApplyError> {
    if events.is_empty() { Ok(()) } else { apply_caught(handler, transaction, events).await }
}

/// Applies events. A panic is an error of the first event.
async fn apply_caught(
    handler: &dyn EventHandler,
    transaction: &mut PgConnection,
    events: &[RecordedEvent],
) -> Result<(), ApplyError> {
    let applied = AssertUnwindSafe(handler.apply(transaction, events)).catch_unwind().await;
    applied.unwrap_or_else(|panic| {
        tracing::error!(name = handler.name(), text = panic_text(&*panic), "an event handler panicked");
        // The text of a panic may quote personal data.
        Err(ApplyError::Poison {
            position: first_position(events),
            reason: "the handler panicked".to_owned(),
        })
    })
}

/// Applies the same batch again with a savepoint per event. The events before the one that fails are committed.
///
/// An event that fails for a dubious reason, but has not failed often enough, is the first one of the next batch.
async fn apply_one_by_one(
    pool: &PgPool,
    handler: &dyn EventHandler,
    seen: &Checkpoint,
    batch: &EventBatch,
    failures: &RepeatedFailures,
) -> Result<BatchResult, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    if !handler.kind().advance(&mut transaction, handler.name(), seen, batch.last).await? {
        return Ok(BatchResult::CheckpointMoved);
    }
    let found = find_first_failure(&mut transaction, handler, &batch.events).await?;
    handler.forget_copies(&mut transaction, &batch.events).await?;
    let Some((position, error)) = found else {
        transaction.commit().await?;
        return Ok(BatchResult::Applied);
    };
    handler.kind().set_position(&mut transaction, handler.name(), position.previous()).await?;
    transaction.commit().await?;
    let before = position.previous();
    match error {
        ApplyError::Database(error) if is_transient(&error) && !failures.record(position, &error) => {
            if position == first_position(&batch.events) {
                Err(error)
            } else {
                Ok(BatchResult::Partial { before })
            }
        }
        error => {
            failures.forget();
            Ok(BatchResult::Poisoned { before, position, reason: failure_reason(&error) })
        }
    }
}

/// Applies events one by one until one fails for a permanent or dubious reason. Returns its position and the
/// error.
///
/// The events before it stay applied in the transaction.
pub(crate) async fn find_first_failure(
    transaction: &mut PgConnection,
    handler: &dyn EventHandler,
    events: &[RecordedEvent],
) -> Result<Option<(Position, ApplyError)>, sqlx::Error> {
    for event in events {
        let mut savepoint = transaction.begin().await?;
        match apply_caught(handler, &mut savepoint, std::slice::from_ref(event)).await {
            Ok(()) => savepoint.commit().await?,
            Err(ApplyError::Database(error)) if is_transient(&error) && !is_dubious(&error) => {
                return Err(error);
            }
            Err(error) => {
                savepoint.rollback().await?;
                return Ok(Some((event.position, error)));
            }
        }
    }
    Ok(None)
}

/// Returns true if a later retry may succeed. Errors of the data, of the schema and of the code are
/// permanent. A dubious error is transient until it has [repeated](RepeatedFailures).
pub(crate) fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            // Classes: 0A unsupported, 21 cardinality, 22 data, 23 integrity, 2F/38/39 functions, 42 names and
            // types, 44 with check option, 54 limits (a row of an index that is too large), P0 raised by a
            // function.
            !["0A", "21", "22", "23", "2F", "38", "39", "42", "44", "54", "P0"]
                .iter()
                .any(|class| code.starts_with(class))
        }
        sqlx::Error::Encode(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::RowNotFound
        | sqlx::Error::InvalidArgument(_) => false,
        _ => true,
    }
}

/// Describes an error for an admin.
///
/// A data exception is shown by its code only: PostgreSQL repeats values in its messages, and they may be
/// personal.
pub(crate) fn failure_reason(error: &ApplyError) -> String {
    match error {
        ApplyError::Poison { reason, .. } => reason.clone(),
        ApplyError::Database(sqlx::Error::Database(database)) => {
            let code = database.code().unwrap_or_default();
            if code.starts_with("22") {
                format!("the rows do not take the event's values (data exception {code})")
            } else {
                format!("{} ({code})", database.message())
            }
        }
        ApplyError::Database(error) => error_chain(error),
    }
}

/// A read model as an [`EventHandler`], for the runner and for rebuilds.
pub(crate) struct ReadModelHandler(pub(crate) std::sync::Arc<dyn ReadModel>);

#[async_trait]
impl EventHandler for ReadModelHandler {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn kind(&self) -> HandlerKind {
        HandlerKind::ReadModel
    }

    fn version(&self) -> i32 {
        self.0.version()
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        self.0.handles(aggregate_type)
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn is_urgent(&self) -> bool {
        self.0.is_urgent()
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        self.0.apply(db, events).await?;
        self.0.refresh_aggregates(db).await
    }

    async fn drop_abandoned_copies(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        drop_abandoned(&mut *pool.acquire().await?, self.0.name()).await
    }

    async fn forget_copies(
        &self,
        db: &mut PgConnection,
        events: &[RecordedEvent],
    ) -> Result<(), sqlx::Error> {
        let erases = |recorded: &RecordedEvent| matches!(&recorded.event, Event::Account(event) if event.erases().is_some());
        if events.iter().any(erases) { drop_copies(db, self.0.name()).await } else { Ok(()) }
    }
}
