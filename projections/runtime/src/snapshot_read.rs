//! A read transaction for queries of several statements.

use sqlx::{PgPool, Postgres, Transaction};

/// Begins a read-only transaction that sees one state of these tables.
///
/// PostgreSQL plans each statement for its present filters. A generic plan could use no index, and would
/// depend on earlier queries.
///
/// The locks come first, and the first read fixes the state. The transaction thus sees a running switch as a
/// whole, and no later switch removes the tables.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub async fn begin_snapshot(
    pool: &PgPool,
    tables: &[&str],
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let tables = tables.join(", ");
    pool.begin_with(format!(
        "begin isolation level repeatable read read only;
         lock table {tables} in access share mode;
         set local plan_cache_mode = force_custom_plan;
         set local jit = off"
    ))
    .await
}
