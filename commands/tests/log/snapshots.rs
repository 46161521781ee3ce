//! Long streams load from a snapshot and give the same state as a replay.

use std::time::Duration;

use domain::{EventLog, StreamId, StreamVersion};
use fixtures::{TestDatabase, system_context};
use uuid::Uuid;

use crate::probe::{Probe, ProbeCommand};

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_assisted_state_equals_pure_replay() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let person = domain::AccountId(Uuid::now_v7());
    for n in 0..230 {
        let command = if n % 10 == 0 {
            ProbeCommand::Label { person, text: format!("remark {n}") }
        } else {
            ProbeCommand::Add(n)
        };
        bus.execute::<Probe>("long", command, &system_context()).await.unwrap();
    }
    let snapshot_version = async || -> Option<i64> {
        sqlx::query_scalar("select version from log.snapshots where aggregate_id = 'long'")
            .fetch_optional(&log.pool)
            .await
            .unwrap()
    };
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    while snapshot_version().await != Some(200) {
        assert!(tokio::time::Instant::now() < deadline, "{:?}", snapshot_version().await);
        tokio::task::yield_now().await;
    }
    let assisted = log.start_bus().await.load::<Probe>("long").await.unwrap();
    sqlx::query("delete from log.snapshots").execute(&log.pool).await.unwrap();
    let pure = log.start_bus().await.load::<Probe>("long").await.unwrap();
    assert_eq!(assisted.version, StreamVersion(230));
    assert_eq!(*assisted.state, *pure.state);
    assert_eq!(pure.state.labels[22].known().unwrap(), "remark 220");
    assert_eq!(
        bus.log().read_stream(&StreamId::of::<Probe>("long"), StreamVersion::START).await.unwrap().len(),
        230
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_of_another_shape_is_ignored() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    for _ in 0..105 {
        bus.execute::<Probe>("long", ProbeCommand::Add(1), &system_context()).await.unwrap();
    }
    sqlx::query("update log.snapshots set snapshot_version = 99, state = '{\"other\":true}'")
        .execute(&log.pool)
        .await
        .unwrap();
    assert_eq!(log.start_bus().await.load::<Probe>("long").await.unwrap().state.total, 105);
}

/// Example: a release adds a field to the state and keeps `SNAPSHOT_VERSION`.
#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_does_not_decode_is_passed_over() {
    let log = TestDatabase::create().await;
    long_stream(&log).await;
    spoil(&log, "'{\"other\": true}'").await;
    folds_the_events(&log).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_does_not_open_is_passed_over() {
    let log = TestDatabase::create().await;
    long_stream(&log).await;
    spoil(&log, "jsonb_set(state::jsonb, '{labels,0,$sealed,data}', '\"AAAA\"')::json").await;
    folds_the_events(&log).await;
}

/// Stream of 105 events, with a snapshot of the first 100 that contains a person's remark.
async fn long_stream(log: &TestDatabase) {
    let bus = log.start_bus().await;
    let person = domain::AccountId(Uuid::now_v7());
    let label = ProbeCommand::Label { person, text: "remark".to_owned() };
    bus.execute::<Probe>("long", label, &system_context()).await.unwrap();
    for _ in 1..105 {
        bus.execute::<Probe>("long", ProbeCommand::Add(1), &system_context()).await.unwrap();
    }
}

/// Replaces the state in the snapshot and keeps its version.
async fn spoil(log: &TestDatabase, state: &'static str) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    let update = format!("update log.snapshots set state = {state} where version = 100");
    while sqlx::query(&update).execute(&log.pool).await.unwrap().rows_affected() != 1 {
        assert!(tokio::time::Instant::now() < deadline, "there is no snapshot");
        tokio::task::yield_now().await;
    }
}

/// Loads the stream in a new process, and decides on it in another.
async fn folds_the_events(log: &TestDatabase) {
    let loaded = log.start_bus().await.load::<Probe>("long").await.unwrap();
    assert_eq!((loaded.version, loaded.state.total), (StreamVersion(105), 104));
    assert_eq!(loaded.state.labels[0].known().unwrap(), "remark");
    let receipt = log
        .start_bus()
        .await
        .execute::<Probe>("long", ProbeCommand::Add(1), &system_context())
        .await
        .unwrap();
    assert_eq!(receipt.version(), StreamVersion(106));
}
