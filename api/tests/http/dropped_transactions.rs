//! A transaction whose BEGIN was sent by a dropped future: the pool does not lend its connection again.

use std::time::Duration;

use api::database_pool::pool_options;
use fixtures::TestDatabase;
use projection_runtime::snapshot_read::begin_snapshot;

#[tokio::test]
async fn a_dropped_begin_leaves_no_transaction_behind() {
    let TestDatabase { pool, .. } = TestDatabase::create_with(pool_options(1, Duration::from_secs(30))).await;
    let mut dropped = 0;
    for polls in 0..100 {
        let mut begin = Box::pin(begin_snapshot(&pool, &["app.accounts"]));
        let mut is_ready = false;
        for _ in 0..polls {
            if futures::poll!(begin.as_mut()).is_ready() {
                is_ready = true;
                break;
            }
            tokio::task::yield_now().await;
        }
        dropped += u32::from(!is_ready);
        drop(begin);
        let read_only: String =
            sqlx::query_scalar("show transaction_read_only").fetch_one(&pool).await.unwrap();
        assert_eq!(read_only, "off", "after {polls} polls");
    }
    assert!(dropped > 3, "BEGIN was dropped at {dropped} points only");
}
