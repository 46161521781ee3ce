//! Positions are dense and in commit order, and events do not change.

use domain::{DispatchError, EventLog, Position, StreamId, StreamVersion};
use fixtures::{TestDatabase, system_context};
use futures::future::join_all;
use sha2::{Digest, Sha256};

use crate::probe::{Probe, ProbeCommand};

#[tokio::test(flavor = "multi_thread")]
async fn positions_have_no_holes_while_two_processes_write() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    let writes = (0..200).map(|n| {
        let bus = if n % 2 == 0 { &one } else { &two };
        async move { bus.execute::<Probe>(format!("p{n}"), ProbeCommand::Add(1), &system_context()).await }
    });
    let receipts: Vec<u64> = join_all(writes).await.into_iter().map(|r| r.unwrap().position.0).collect();
    let events = one.log().read(Position::START, 1000).await.unwrap();
    assert_eq!(events.iter().map(|e| e.position.0).collect::<Vec<_>>(), (1..=200).collect::<Vec<_>>());
    assert!(events.is_sorted_by_key(|event| event.recorded_at), "time grows with position");
    let mut answered = receipts;
    answered.sort_unstable();
    assert_eq!(answered, (1..=200).collect::<Vec<u64>>(), "each receipt names its own position");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_streams_are_read_in_the_order_of_the_log() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    for name in ["a", "b", "c", "b", "a", "a"] {
        bus.execute::<Probe>(name, ProbeCommand::Add(1), &system_context()).await.unwrap();
    }
    let streams = ["b", "a", "nobody"].map(StreamId::of::<Probe>);
    let positions = async |up_to| -> Vec<u64> {
        let events = bus.log().read_streams(&streams, up_to).await.unwrap();
        events.iter().map(|event| event.position.0).collect()
    };
    assert_eq!(positions(Position(5)).await, [1, 2, 4, 5]);
    assert_eq!(positions(Position::START).await, [0_u64; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_writers_on_one_stream_all_win_in_turn() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let writes = (0..64).map(|_| {
        let bus = &bus;
        async move {
            bus.execute::<Probe>("hot", ProbeCommand::Add(1), &system_context()).await.unwrap().version()
        }
    });
    let mut versions = join_all(writes).await;
    versions.sort_unstable();
    assert_eq!(versions, (1..=64).map(StreamVersion).collect::<Vec<_>>());
    assert_eq!(bus.load::<Probe>("hot").await.unwrap().state.total, 64);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_stream_lose_no_update_and_break_no_rule() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    let writes = (0..60).map(|n| {
        let bus = if n % 2 == 0 { &one } else { &two };
        let command = ProbeCommand::AddBelow { amount: 1, limit: 40 };
        async move { bus.execute::<Probe>("contended", command, &system_context()).await }
    });
    let results = join_all(writes).await;
    let won = results.iter().filter(|result| result.is_ok()).count();
    let refused = results
        .iter()
        .filter(|result| matches!(result, Err(DispatchError::Refused(r)) if r.code == "limit_reached"))
        .count();
    assert_eq!((won, refused), (40, 20));
    assert_eq!(two.load::<Probe>("contended").await.unwrap().state.total, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_version_that_has_passed_is_told_with_the_present_one() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    one.execute::<Probe>("a", ProbeCommand::Add(1), &system_context()).await.unwrap();
    two.execute::<Probe>("a", ProbeCommand::Add(1), &system_context()).await.unwrap();
    let mut stale = system_context();
    stale.expected_versions = vec![StreamVersion(9), StreamVersion(1)];
    let error = one.execute::<Probe>("a", ProbeCommand::Add(1), &stale).await.unwrap_err();
    assert!(
        matches!(error, DispatchError::StaleVersion { expected: StreamVersion(9), actual: StreamVersion(2) }),
        "{error:?}"
    );
    let mut right = system_context();
    right.expected_versions = vec![StreamVersion(9), StreamVersion(2)];
    assert_eq!(
        one.execute::<Probe>("a", ProbeCommand::Add(1), &right).await.unwrap().version(),
        StreamVersion(3)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_rests_on_the_newest_state_and_not_on_a_warm_one() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    one.execute::<Probe>("a", ProbeCommand::Add(10), &system_context()).await.unwrap();
    two.execute::<Probe>("a", ProbeCommand::Add(-10), &system_context()).await.unwrap();
    // `one` still has 10 in its cache; the log says 0.
    let command = ProbeCommand::AddBelow { amount: 5, limit: 10 };
    assert_eq!(
        one.execute::<Probe>("a", command, &system_context()).await.unwrap().version(),
        StreamVersion(3)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_or_removes_an_event() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    bus.execute::<Probe>("a", ProbeCommand::Add(1), &system_context()).await.unwrap();
    for change in ["update log.events set payload = '{}'", "delete from log.events", "truncate log.events"] {
        let as_owner = sqlx::query(change).execute(&log.pool).await.unwrap_err();
        assert!(as_owner.to_string().contains("append-only"), "{change}: {as_owner}");
        let mut application = log.pool.acquire().await.unwrap();
        sqlx::query("set role kafedra_app").execute(&mut *application).await.unwrap();
        let as_application = sqlx::query(change).execute(&mut *application).await.unwrap_err();
        assert!(as_application.to_string().contains("permission denied"), "{change}: {as_application}");
        sqlx::query("reset role").execute(&mut *application).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaf_hash_can_be_computed_by_anybody() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    bus.execute::<Probe>("a", ProbeCommand::Add(1), &system_context()).await.unwrap();
    let event = bus.log().read(Position::START, 1).await.unwrap().remove(0);
    let text_hash = |text: &str| hex::encode(Sha256::digest(text));
    let StreamId { aggregate_type, aggregate_id } = &event.stream;
    let envelope = format!(
        "kafedra.event.v1\n{}\n{aggregate_type}\n{aggregate_id}\n{}\n{}\n{}\n{}\n{}\n{}\n",
        event.position,
        event.sequence,
        event.event_type,
        event.event_version,
        event.recorded_at.as_microsecond(),
        text_hash(&event.payload),
        text_hash(&event.metadata),
    );
    let leaf = Sha256::digest([&[0u8], envelope.as_bytes()].concat());
    assert_eq!(leaf.as_slice(), event.leaf_hash);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instant_is_found_as_a_position() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    for _ in 0..5 {
        bus.execute::<Probe>("a", ProbeCommand::Add(1), &system_context()).await.unwrap();
    }
    let events = bus.log().read(Position::START, 10).await.unwrap();
    for event in &events {
        let found = bus.log().position_at(event.recorded_at).await.unwrap();
        let last_then = events.iter().filter(|e| e.recorded_at <= event.recorded_at).count() as u64;
        assert_eq!(found, Position(last_then));
    }
    let before = events[0].recorded_at - jiff::SignedDuration::from_secs(1);
    assert_eq!(bus.log().position_at(before).await.unwrap(), Position::START);
}

/// Ten seconds without events, then seven hundred events at one instant, repeatedly.
#[tokio::test(flavor = "multi_thread")]
async fn an_instant_is_found_between_those_that_were_asked_before() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    sqlx::query(
        "insert into log.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
             metadata, position, recorded_at, leaf_hash)
           select 'probe', 'a', n, 'ProbeAdded', '1', '{}', '{}', n,
             '2026-01-01T00:00:00Z'::timestamptz + (n / 700) * interval '11 seconds' + (n % 700) * interval '1 ms',
             sha256('')
           from generate_series(1, 30000) as n",
    )
    .execute(&log.pool)
    .await
    .unwrap();
    let begin: jiff::Timestamp = "2025-12-31T23:59:55Z".parse().unwrap();
    for n in 0..300_i64 {
        // The instants come in no order.
        let instant = begin + jiff::SignedDuration::from_millis(n * 7_919_777 % 490_000);
        let expected: i64 =
            sqlx::query_scalar("select count(*) from log.events where recorded_at <= $1::text::timestamptz")
                .bind(instant.to_string())
                .fetch_one(&log.pool)
                .await
                .unwrap();
        assert_eq!(bus.log().position_at(instant).await.unwrap(), Position(expected as u64), "{instant}");
    }
    let now = bus.log().position_at(jiff::Timestamp::now()).await.unwrap();
    bus.execute::<Probe>("b", ProbeCommand::Add(1), &system_context()).await.unwrap();
    assert_eq!(now, Position(30_000));
    assert_eq!(
        bus.log().position_at(jiff::Timestamp::now()).await.unwrap(),
        Position(30_001),
        "the end goes on"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_whose_connection_breaks_is_an_error_and_never_a_short_answer() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    for _ in 0..3 {
        bus.execute::<Probe>("a", ProbeCommand::Add(1), &system_context()).await.unwrap();
    }
    sqlx::query("alter table log.events disable trigger append_only").execute(&log.pool).await.unwrap();
    sqlx::query("delete from log.events where position = 2").execute(&log.pool).await.unwrap();
    assert!(bus.log().read(Position::START, 10).await.is_err(), "a hole is told, not skipped");
    let end = "select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid() and usename = current_user";
    let reading = async {
        loop {
            if let Err(error) = bus.log().read_stream(&StreamId::of::<Probe>("a"), StreamVersion::START).await
            {
                return error;
            }
        }
    };
    let (error, ()) =
        tokio::join!(tokio::time::timeout(std::time::Duration::from_secs(20), reading), async {
            for _ in 0..100 {
                let _ = sqlx::query(end).execute(&log.pool).await;
            }
        });
    assert!(error.is_ok(), "a killed connection shows as an error");
}
