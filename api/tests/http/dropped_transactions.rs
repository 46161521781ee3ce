//! A transaction whose BEGIN was sent by a dropped future: the pool does not lend its connection again.

use std::time::Duration;

use api::database_pool::pool_options;
use fixtures::TestDatabase;
use projection_runtime::snapshot_read::begin_snapshot;
use tokio::time::sleep;

#[tokio::test]
async fn a_dropped_begin_leaves_no_transaction_behind() {
    let TestDatabase { pool, .. } = TestDatabase::create_with(pool_options(1, Duration::from_secs(30))).await;
    let mut dropped = 0;
    for microseconds in (0..4_000).step_by(50) {
        // In many rounds the pause ends before the reply to BEGIN.
        tokio::select! {
            begun = begin_snapshot(&pool, &["app.accounts"]) => drop(begun.unwrap()),
            () = sleep(Duration::from_micros(microseconds)) => dropped += 1,
        }
        let read_only: String =
            sqlx::query_scalar("show transaction_read_only").fetch_one(&pool).await.unwrap();
        assert_eq!(read_only, "off", "after a drop at {microseconds} µs");
    }
    assert!(dropped > 0, "no round was dropped");
}
