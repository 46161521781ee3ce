//! Tries again what the external CRM did not serve, and requests what was left incomplete.

use domain::{CommandContext, CommandId};
use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;

use crate::client::CallContext;
use crate::crm_api::CrmApi;
use crate::deliveries::list_incomplete_deliveries;
use crate::integration::{CrmIntegration, CrmIntegrationError};

/// Pause after which an operation that the CRM does not serve is tried again.
const RECHECK_AFTER: SignedDuration = SignedDuration::from_hours(1);

impl CrmIntegration {
    /// Tries again the operations that the CRM did not serve an hour ago. Requests the incomplete deliveries
    /// again if it serves one now.
    pub(crate) async fn recheck_operations(
        &self,
        context: CallContext,
        cause: &CommandContext,
    ) -> Result<(), CrmIntegrationError> {
        let now = self.clock.now();
        let rows = sqlx::query!(
            r#"select operation, regained_at is not null as "is_regained!"
               from process.crm_unsupported_operations
               where last_at < $1 or regained_at is not null"#,
            (now - RECHECK_AFTER).to_sqlx() as _,
        )
        .fetch_all(&self.pool)
        .await?;
        let crm = CrmApi { client: &self.client, context };
        for row in rows.iter().filter(|row| !row.is_regained) {
            if let Ok(operation) = row.operation.parse() {
                crm.probe(operation).await?;
            }
        }
        if rows.is_empty() { Ok(()) } else { self.request_incomplete(cause).await }
    }

    /// Requests the incomplete deliveries again if the CRM serves an operation that it did not serve before.
    ///
    /// An interruption leaves the record of the operation, and the next call requests them.
    pub(crate) async fn request_incomplete(&self, cause: &CommandContext) -> Result<(), CrmIntegrationError> {
        let regained = sqlx::query!(
            r#"select operation, regained_at as "regained_at!: jiff_sqlx::Timestamp"
               from process.crm_unsupported_operations
               where regained_at is not null
               order by operation"#,
        )
        .fetch_all(&self.pool)
        .await?;
        for row in regained {
            let deliveries = list_incomplete_deliveries(&self.pool).await?;
            let regained_at = row.regained_at.to_jiff();
            // Every OS process that finds the row requests the same.
            let purpose = format!("crm_regained:{}:{regained_at}", row.operation);
            let command_id = CommandId::derived(uuid::Uuid::NAMESPACE_URL, &purpose);
            self.request_syncs(&deliveries, &CommandContext { command_id, ..cause.clone() }).await?;
            sqlx::query!(
                "delete from process.crm_unsupported_operations where operation = $1 and regained_at = $2",
                row.operation,
                row.regained_at as _,
            )
            .execute(&self.pool)
            .await?;
        }
        Ok(())
    }
}
