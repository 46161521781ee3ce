//! A command that was decided on events in flight is appended only if those events are.

use std::time::Duration;

use domain::DispatchError;
use fixtures::{TestDatabase, system_context};
use sqlx::{Connection, PgConnection};
use tokio::time::{Instant, sleep};

use crate::probe::{Probe, ProbeCommand};

/// Waits until so many appends wait for the lock of the log's head.
async fn waiting(log: &TestDatabase, count: i64) {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let stand: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock' and query like '%log.append%'",
        )
        .fetch_one(&log.pool)
        .await
        .unwrap();
        if stand == count {
            return;
        }
        assert!(Instant::now() < until, "{stand} appends wait, not {count}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// The first process adds ten, which is in flight, and decides on that. The second process is faster and adds
/// one.
/// The version is then taken by another event than the one in flight.
#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_another_process_wrote_is_not_the_version_that_was_seen() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    for bus in [&one, &two] {
        bus.execute::<Probe>("contended", ProbeCommand::Ensure(1), &system_context()).await.unwrap();
        bus.load::<Probe>("contended").await.unwrap();
    }
    let mut gate = PgConnection::connect_with(&log.options).await.unwrap();
    let mut closed = gate.begin().await.unwrap();
    sqlx::query("lock table log.append_order in exclusive mode").execute(&mut *closed).await.unwrap();

    let add = |bus: &std::sync::Arc<commands::Bus>, amount, limit| {
        let bus = bus.clone();
        tokio::spawn(async move {
            let command = ProbeCommand::AddBelow { amount, limit };
            bus.execute::<Probe>("contended", command, &system_context()).await
        })
    };
    let faster = add(&two, 1, 100);
    waiting(&log, 1).await;
    // Waits behind the faster one and finds that the stream has moved; the limit then refuses it.
    let link = add(&one, 10, 11);
    waiting(&log, 2).await;
    // Decided on eleven; without the ten it must be decided again, on two.
    let bus = one.clone();
    let chained = tokio::spawn(async move {
        bus.execute::<Probe>("contended", ProbeCommand::Ensure(20), &system_context()).await
    });
    let until = Instant::now() + Duration::from_secs(20);
    while one.queued_appends() == 0 {
        assert!(Instant::now() < until, "the third command is not in the queue");
        sleep(Duration::from_millis(5)).await;
    }
    closed.rollback().await.unwrap();

    faster.await.unwrap().unwrap();
    let refused = link.await.unwrap().unwrap_err();
    assert!(matches!(refused, DispatchError::Refused(refusal) if refusal.code == "limit_reached"));
    chained.await.unwrap().unwrap();
    assert_eq!(two.load::<Probe>("contended").await.unwrap().state.total, 20);
}
