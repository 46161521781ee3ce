//! Receipts of earlier commands, restored from the log.

use domain::{CommandContext, DispatchError, Receipt, StreamId, VersionedStream};
use sqlx::Row;

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
        let row = sqlx::query("select first_position, last_position from log.commands where command_id = $1")
            .bind(context.command_id.0)
            .fetch_optional(&self.pool)
            .await
            .map_err(unavailable)?;
        let Some(row) = row else { return Ok(None) };
        let first = CommittedRange {
            first_position: row.get("first_position"),
            last_position: row.get("last_position"),
            duplicate: true,
        };
        self.restore_receipt(first).await.map(Some)
    }

    /// Restores the first receipt of a command from its events.
    ///
    /// # Errors
    /// [`DispatchError::Unavailable`] if the database fails.
    pub(crate) async fn restore_receipt(&self, first: CommittedRange) -> Result<Receipt, DispatchError> {
        let rows = sqlx::query(
            "select aggregate_type, aggregate_id, max(sequence) as version
             from log.events
             where position between $1 and $2
             group by aggregate_type, aggregate_id
             order by min(position)",
        )
        .bind(first.first_position)
        .bind(first.last_position)
        .fetch_all(&self.pool)
        .await
        .map_err(unavailable)?;
        let streams = rows
            .iter()
            .map(|row| VersionedStream {
                stream: StreamId {
                    aggregate_type: row.get("aggregate_type"),
                    aggregate_id: row.get("aggregate_id"),
                },
                version: row.get("version"),
            })
            .collect();
        Ok(Receipt { position: first.last_position, streams, replayed: true })
    }
}
