//! Receipts of earlier commands, restored from the log.

use domain::{CommandContext, DispatchError, Receipt, StreamId, VersionedStream};

use crate::database_pool::deadline;
use crate::execute::{Executor, unavailable};
use crate::log::CommittedRange;

impl Executor {
    /// Finds the receipt of this command id. Returns `None` if the command was not committed before.
    ///
    /// # Errors
    /// [`DispatchError::Unavailable`] if the database fails.
    pub(crate) async fn find_receipt(
        &self,
        context: &CommandContext,
    ) -> Result<Option<Receipt>, DispatchError> {
        let row = sqlx::query!(
            "select first_position, last_position from log.commands where command_id = $1",
            context.command_id.0
        );
        let Some(row) = deadline(row.fetch_optional(&self.pool)).await.map_err(unavailable)? else {
            return Ok(None);
        };
        let first = CommittedRange {
            first_position: row.first_position.into(),
            last_position: row.last_position.into(),
            duplicate: true,
        };
        self.restore_receipt(first).await.map(Some)
    }

    /// Restores the first receipt of a command from its events.
    ///
    /// # Errors
    /// [`DispatchError::Unavailable`] if the database fails.
    pub(crate) async fn restore_receipt(&self, first: CommittedRange) -> Result<Receipt, DispatchError> {
        let rows = sqlx::query!(
            r#"select aggregate_type, aggregate_id, max(sequence) as "version!"
               from log.events
               where position between $1 and $2
               group by aggregate_type, aggregate_id
               order by min(position)"#,
            first.first_position.to_bigint(),
            first.last_position.to_bigint(),
        );
        let rows = deadline(rows.fetch_all(&self.pool)).await.map_err(unavailable)?;
        let streams = rows.into_iter().map(|row| VersionedStream {
            stream: StreamId { aggregate_type: row.aggregate_type, aggregate_id: row.aggregate_id },
            version: row.version.into(),
        });
        let streams = streams.collect();
        Ok(Receipt { position: first.last_position, streams, replayed: true })
    }
}
