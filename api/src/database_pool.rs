//! Pools of database connections that survive dropped requests.

use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::{Executor, PgConnection, Row};

/// Returns the options of a pool that takes no connection back inside a transaction.
///
/// A request can be dropped after BEGIN is sent and before the reply. sqlx then counts no transaction and does
/// not roll it back. Later statements on that connection would fail, or would never be committed. The pool
/// closes such a connection instead. The check is a round trip after the caller has its result.
pub fn pool_options(max_connections: u32, acquire_timeout: Duration) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(acquire_timeout)
        .after_release(|connection, _| Box::pin(is_outside_of_transaction(connection)))
}

/// Outside of a transaction, a simple query begins its own: both instants are the same.
async fn is_outside_of_transaction(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    connection.fetch_one("select now() = statement_timestamp()").await?.try_get(0)
}
