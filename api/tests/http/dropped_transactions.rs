//! A transaction whose BEGIN was sent by a dropped future: the pool does not lend its connection again.

use std::time::Duration;

use commands::database_pool::pool_options;
use fixtures::{TestDatabase, eventually};
use projection_runtime::snapshot_read::begin_snapshot;
use sqlx::{Connection, PgConnection, PgPool};

const TABLE: &str = "app.accounts";

async fn one_connection() -> TestDatabase {
    TestDatabase::create_with(pool_options(1, Duration::from_secs(30))).await
}

/// Returns true if the only connection of the pool is inside the read-only transaction that was dropped.
async fn is_read_only(pool: &PgPool) -> bool {
    let setting: String = sqlx::query_scalar("show transaction_read_only").fetch_one(pool).await.unwrap();
    setting == "on"
}

#[tokio::test]
async fn a_begin_that_is_dropped_before_its_reply_leaves_no_transaction_behind() {
    let TestDatabase { options, pool } = one_connection().await;
    // The lock keeps the reply back, so the drop always comes between BEGIN and reply.
    let mut other = PgConnection::connect_with(&options).await.unwrap();
    let mut blocking = other.begin().await.unwrap();
    sqlx::query(&format!("lock table {TABLE} in access exclusive mode"))
        .execute(&mut *blocking)
        .await
        .unwrap();
    let observer = PgPool::connect_with(options).await.unwrap();
    let is_waiting = async || {
        let waiting = "select exists (select from pg_locks where relation = $1::regclass and not granted)";
        sqlx::query_scalar(waiting).bind(TABLE).fetch_one(&observer).await.unwrap()
    };
    tokio::select! {
        _ = begin_snapshot(&pool, &[TABLE]) => panic!("the lock does not keep the reply back"),
        () = eventually("BEGIN has reached the server", is_waiting) => {}
    }
    blocking.rollback().await.unwrap();
    assert!(!is_read_only(&pool).await);
}

#[tokio::test]
async fn a_begin_that_is_dropped_at_any_poll_leaves_no_transaction_behind() {
    let TestDatabase { pool, .. } = one_connection().await;
    for polls in 0..100 {
        let mut begin = Box::pin(begin_snapshot(&pool, &[TABLE]));
        for _ in 0..polls {
            if futures::poll!(begin.as_mut()).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(begin);
        assert!(!is_read_only(&pool).await, "after {polls} polls");
    }
}
