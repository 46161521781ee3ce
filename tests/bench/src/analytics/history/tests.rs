//! The fast path writes a log like any other.

use std::sync::Arc;

use commands::{Bus, LogReader, LogSettings, compare_claims};
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountCommand, AccountEvent};
use domain::messaging::Conversation;
use domain::scheduling::{LessonRequest, Slot, WaitlistEntry};
use domain::support::Ticket;
use domain::{
    AccountId, Command, Decider, Dispatch, Event, EventLog, Position, RecordedEvent, StreamId, SystemClock,
    fold_events,
};
use migrations::{ThrowawayDatabase, throwaway_database};
use sqlx::PgPool;

use super::*;
use crate::booking::app::MASTER_KEY;
use crate::notebook::{context, new_id};

const NOW: &str = "2026-11-28T15:30:00Z";

async fn database() -> ThrowawayDatabase {
    #[expect(clippy::disallowed_methods, reason = "the server of the tests")]
    let server = std::env::var("DATABASE_URL").expect("DATABASE_URL: see `make test`");
    throwaway_database(&server).await.unwrap()
}

async fn school(seed: u64, events: usize) -> (ThrowawayDatabase, Position) {
    let database = database().await;
    let (master, now) = (MasterKey::new(MASTER_KEY), NOW.parse().unwrap());
    let size = (seed, Size::of_events(events));
    let position = build(&database.options, &master, size, now, |_, _| {}).await.unwrap();
    (database, position)
}

async fn all(log: &LogReader) -> Vec<RecordedEvent> {
    let mut all: Vec<RecordedEvent> = Vec::new();
    loop {
        let sealed = log.read(Position(all.len() as u64), 1_000).await.unwrap();
        if sealed.is_empty() {
            return all;
        }
        all.extend(log.decode(&sealed).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_school_of_the_past_is_sound() {
    let (database, position) = school(1, 6_000).await;
    let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
    let unsound: i64 = sqlx::query_scalar(
        "select count(*) from (
           select position, recorded_at, leaf_hash, sequence,
             log.leaf_hash(position, aggregate_type, aggregate_id, sequence, event_type, event_version,
               log.micros(recorded_at), log.text_sha256(payload::text), log.text_sha256(metadata::text)) as due,
             row_number() over (order by position) as place,
             row_number() over (partition by aggregate_type, aggregate_id order by position) as of_stream,
             lag(recorded_at) over (order by position) as before
           from log.events) as event
         where leaf_hash <> due or position <> place or sequence <> of_stream or recorded_at < before",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(unsound, 0);
    let (last, commands): (i64, i64) = sqlx::query_as(
        "select head.position, (select sum(last_position - first_position + 1)::bigint from log.commands)
         from log.head join log.events on events.position = head.position
         where events.recorded_at = head.recorded_at",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((last as u64, commands as u64), (position.0, position.0));

    let master = MasterKey::new(MASTER_KEY);
    let bus = Bus::start(database.options.clone(), &master, Arc::new(SystemClock), LogSettings::default());
    let bus = bus.await.unwrap();
    let claims = compare_claims(bus.log(), &pool, &master).await.unwrap();
    assert!(claims.is_empty(), "{claims:?}");

    let events = all(bus.log()).await;
    assert_eq!(events.len() as u64, position.0);
    for recorded in &events {
        if let Event::Account(AccountEvent::AccountRegistered { email, .. }) = &recorded.event {
            assert!(email.known().is_some(), "a person's key opens what was sealed with it");
        }
    }
    assert!(born::<Account>(&events) > 0);
    for kind in [
        born::<Slot>(&events),
        born::<Ticket>(&events),
        born::<LessonRequest>(&events),
        born::<WaitlistEntry>(&events),
        born::<Conversation>(&events),
    ] {
        assert!(kind > 0, "the school has some of everything");
    }

    // Later commands continue where the generated past ends.
    let student: AccountId = events.iter().find_map(account).unwrap();
    let command =
        AccountCommand::RecordSignIn { session_id: new_id().into(), user_agent: "bench".to_owned() };
    let receipt = bus.dispatch(Command::Account(student, command), context(student)).await.unwrap();
    assert_eq!(receipt.position, position + 1);
    bus.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_school() {
    let rows = "select aggregate_id, event_type, recorded_at::text from log.events order by position";
    let mut told: Vec<Vec<(String, String, String)>> = Vec::new();
    for seed in [1, 1, 2] {
        let (database, _) = school(seed, 1_500).await;
        let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
        told.push(sqlx::query_as(rows).fetch_all(&pool).await.unwrap());
    }
    assert!(told[0] == told[1], "the same seed");
    assert!(told[0] != told[2], "another seed");
}

/// Number of streams of an aggregate that are not in their first state after all events.
fn born<A: Decider<Event: TryFrom<Event>> + serde::Serialize>(events: &[RecordedEvent]) -> usize {
    let unborn = serde_json::to_value(A::default()).unwrap();
    let streams: std::collections::BTreeSet<&StreamId> =
        events.iter().map(|event| &event.stream).filter(|stream| stream.aggregate_type == A::TYPE).collect();
    for stream in &streams {
        let state: A = fold_events(events.iter().filter(|event| event.stream == **stream).cloned());
        assert_ne!(serde_json::to_value(state).unwrap(), unborn, "{stream}");
    }
    streams.len()
}

fn account(recorded: &RecordedEvent) -> Option<AccountId> {
    (recorded.stream.aggregate_type == Account::TYPE).then(|| recorded.stream.aggregate_id.parse().ok())?
}
