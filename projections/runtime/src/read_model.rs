//! What a read model is: tables that follow from the events, and nothing else.

use async_trait::async_trait;
use domain::Recorded;
use jiff::Timestamp;
use sqlx::PgConnection;

/// Tables that can be dropped and built again from the log at any time.
///
/// The runner calls [`ReadModel::apply`] inside the transaction that moves the checkpoint, so rows
/// and checkpoint can not differ, whatever is delivered twice.
#[async_trait]
pub trait ReadModel: Send + Sync + 'static {
    /// snake_case; the name in `projections`, metrics and on the command line.
    fn name(&self) -> &'static str;

    /// Counts up whenever the rows would come out differently: the tables are then rebuilt beside
    /// the old ones.
    fn version(&self) -> i32;

    /// Its tables, schema-qualified. Nobody else writes them. Names are unique across schemas.
    fn tables(&self) -> &'static [&'static str];

    /// Whether events of this aggregate type matter here.
    fn handles(&self, aggregate_type: &str) -> bool;

    /// Whether each event is wanted in the tables as soon as it can be there. Else several come with one batch
    /// where many follow each other, unless somebody waits for them.
    fn is_urgent(&self) -> bool {
        false
    }

    /// Applies events in order of position. SQL names the tables WITHOUT schema: the connection's
    /// search path decides whether the live tables or those of a rebuild are meant. Set-based: a
    /// batch of a thousand events costs a few statements.
    async fn apply(&self, db: &mut PgConnection, events: &[Recorded]) -> Result<(), ApplyError>;

    /// The same in a rebuild, of a log whose last event was recorded at `end`: rows that would be gone by then need not
    /// be written.
    async fn apply_in_rebuild(
        &self,
        db: &mut PgConnection,
        events: &[Recorded],
        _end: Timestamp,
    ) -> Result<(), ApplyError> {
        self.apply(db, events).await
    }

    /// Indexes that only readers need, neither [`ReadModel::apply`] nor a constraint, each as `table (columns)`: a
    /// rebuild makes them once, when all rows are there and before [`ReadModel::refresh_aggregates`].
    fn read_indexes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Brings sums over many rows up to date, where [`ReadModel::apply`] has marked them as behind: before what
    /// was applied is committed, but in a rebuild once, at its end, because what a sum costs grows with the
    /// rows. The marks are rows too, so nothing is forgotten.
    async fn refresh_aggregates(&self, _db: &mut PgConnection) -> Result<(), ApplyError> {
        Ok(())
    }
}

/// Why a batch could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error("the rows could not be written")]
    Database(#[from] sqlx::Error),
    /// This very event can not be applied: it stops the read model until an admin decides.
    #[error("the event at position {position} can not be applied: {reason}")]
    Poison { position: u64, reason: String },
}
