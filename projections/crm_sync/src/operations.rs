//! Operations of the external CRM, and the record of those that it does not serve.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::PgPool;

domain::code_enum!(
    /// Operation about one record. Deliveries go on if the external CRM does not serve it, unlike the lists and
    /// the creations.
    Operation {
        FindUser = "find_user",
        UpdateUser = "update_user",
        SetUserStatus = "set_user_status",
        DeleteUser = "delete_user",
        FindTicket = "find_ticket",
        UpdateTicket = "update_ticket",
    }
);

/// An operation that the external CRM does not serve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnsupportedOperation {
    pub operation: Operation,
    /// HTTP status of the last answer.
    pub status: u16,
    pub since: Timestamp,
}

/// Records that the CRM does not serve an operation.
pub(crate) async fn record_unsupported(
    pool: &PgPool,
    operation: Operation,
    status: u16,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into process.crm_unsupported_operations as known (operation, status, since, last_at)
         values ($1, $2, $3, $3)
         on conflict (operation) do update
         set status = excluded.status, last_at = excluded.last_at, regained_at = null,
           since = case when known.regained_at is null then known.since else excluded.since end",
        operation.as_str(),
        i32::from(status),
        now.to_sqlx() as _,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Records that the CRM serves an operation.
pub(crate) async fn record_supported(
    pool: &PgPool,
    operation: Operation,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update process.crm_unsupported_operations
         set regained_at = $2
         where operation = $1 and regained_at is null",
        operation.as_str(),
        now.to_sqlx() as _,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Lists the operations that the CRM does not serve.
pub(crate) async fn list_unsupported(pool: &PgPool) -> Result<Vec<UnsupportedOperation>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select operation, status, since as "since: jiff_sqlx::Timestamp"
           from process.crm_unsupported_operations
           where regained_at is null
           order by operation"#,
    )
    .fetch_all(pool)
    .await?;
    let known = rows.into_iter().filter_map(|row| {
        Some(UnsupportedOperation {
            operation: row.operation.parse().ok()?,
            status: u16::try_from(row.status).unwrap_or(0),
            since: row.since.to_jiff(),
        })
    });
    Ok(known.collect())
}
