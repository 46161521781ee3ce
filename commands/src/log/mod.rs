//! The event log in PostgreSQL: appending, loading, reading, sealing, notifying.

mod append;
mod appender;
mod backfill;
mod batch;
mod claims;
mod loader;
mod notify;
mod own_append;
mod read;
mod seal;
mod sealed_bytes;
mod snapshots;
mod subject_keys;
mod time_index;

pub(crate) use append::{Append, AppendError, CommittedRange, EncodedEvent, StreamWrite};
pub(crate) use appender::{AppendOutcome, Appender, CommittedPositions, wait_for_outcome};
pub(crate) use loader::{LoadError, LoadRequest, LoadedStream, Loader};
pub(crate) use notify::Notifier;
pub(crate) use seal::Sealer;
pub(crate) use snapshots::{NewSnapshot, SnapshotWriter, is_snapshot_due};
pub(crate) use subject_keys::{ClaimKey, SubjectKeys};

pub use backfill::{Backfill, BackfillError};
pub use claims::{ClaimDifferences, compare_claims};
pub use read::LogReader;
pub use sealed_bytes::SealedBytes;

use crate::database_pool::deadline;

/// Opens a separate connection under the database role that cannot change stored events.
async fn connect(database: &sqlx::postgres::PgConnectOptions) -> Result<sqlx::PgConnection, sqlx::Error> {
    use sqlx::{Connection, Executor};
    let open = async {
        let mut connection = sqlx::PgConnection::connect_with(database).await?;
        connection.execute(AS_APPLICATION).await?;
        Ok(connection)
    };
    deadline(open).await
}

/// Settings of every connection of this crate.
///
/// The statements are short and use indexes. JIT compilation, or a new plan for each size of batch, costs
/// more than it saves (a third of an append).
pub(crate) const AS_APPLICATION: &str =
    "set role kafedra_app; set jit = off; set plan_cache_mode = force_generic_plan";
