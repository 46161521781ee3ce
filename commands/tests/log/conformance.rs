//! The library's own store reads our events, and we read its events: both use one table.

use cqrs_es::Aggregate;
use cqrs_es::persist::{PersistedEventRepository, SerializedEvent};
use domain::{EventLog, Position, StreamVersion};
use fixtures::{TestDatabase, system_context};
use postgres_es::PostgresEventRepository;
use sqlx::postgres::PgPoolOptions;

use crate::probe::{Probe, ProbeCommand, ProbeEvent};

fn stock(log: &TestDatabase) -> PostgresEventRepository {
    let pool = PgPoolOptions::new().max_connections(2).connect_lazy_with(log.options.clone());
    PostgresEventRepository::new(pool).with_tables("log.events", "log.snapshots")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stock_repository_reads_our_streams() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    for amount in [1, 2, 3] {
        bus.execute::<Probe>("a", ProbeCommand::Add(amount), &system_context()).await.unwrap();
    }
    let events = stock(&log).get_events::<Probe>("a").await.unwrap();
    assert_eq!(events.iter().map(|event| event.sequence).collect::<Vec<_>>(), [1, 2, 3]);
    let mut folded = Probe::default();
    for event in events {
        assert_eq!(event.metadata["actor"], "system:test");
        folded.apply(serde_json::from_value(event.payload).unwrap());
    }
    assert_eq!(folded.total, 6);
    let last = stock(&log).get_last_events::<Probe>("a", 2).await.unwrap();
    assert_eq!(last.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_stock_repository_writes_gets_position_and_hash_and_counts_as_a_faster_writer() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    bus.execute::<Probe>("a", ProbeCommand::Add(1), &system_context()).await.unwrap();
    let event = ProbeEvent::Added { amount: 10 };
    let metadata = serde_json::to_value(system_context().metadata()).unwrap();
    let written = SerializedEvent::new(
        "a".into(),
        2,
        Probe::TYPE.into(),
        "Added".into(),
        "1.0".into(),
        serde_json::to_value(&event).unwrap(),
        metadata,
    );
    stock(&log).persist::<Probe>(&[written], None).await.unwrap();
    // The cached state is stale now: the append notices it and decides again.
    let receipt = bus.execute::<Probe>("a", ProbeCommand::Add(100), &system_context()).await.unwrap();
    assert_eq!((receipt.version(), receipt.position), (StreamVersion(3), Position(3)));
    assert_eq!(bus.load::<Probe>("a").await.unwrap().state.total, 111);
    let events = bus.log().read(Position::START, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.position.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(events.iter().all(|event| event.leaf_hash != [0; 32]));
}
