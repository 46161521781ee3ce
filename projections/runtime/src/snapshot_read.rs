//! A transaction for an answer of several statements.

use sqlx::{PgPool, Postgres, Transaction};

/// What an answer reads of these tables, it reads of one state. Each statement is planned for the filters that are
/// given: a plan for any filters could walk no index, and is chosen by what others asked before.
///
/// The locks come first, and with the first row that is read the state is chosen: a switch that is just going on is
/// seen as a whole, and none takes the tables away later.
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
