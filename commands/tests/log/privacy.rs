//! Personal data is sealed before it is written, and unreadable after the erasure of the person.

use domain::accounts::{Account, AccountCommand, AccountEvent};
use domain::{Command, Dispatch, Event, EventLog, Position};
use fixtures::{TestDatabase, system_context};

use crate::claims::register_people;
use crate::probe::{Probe, ProbeCommand};

/// Every text of every table of the log, as a copy of the disk shows it.
async fn dump(log: &TestDatabase) -> String {
    let tables = ["events", "commands", "unique_claims", "time_claims", "subject_keys", "snapshots"];
    let mut all = String::new();
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(&format!("select t::text from log.{table} t"))
            .fetch_all(&log.pool)
            .await
            .unwrap();
        all.push_str(&rows.join("\n"));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_readable_in_the_tables_of_the_log() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let person = register_people(&bus, 1).await[0];
    let label = ProbeCommand::Label { person, text: "a private remark".into() };
    bus.execute::<Probe>("p", label, &system_context()).await.unwrap();
    let all = dump(&log).await;
    for secret in ["Person0", "person0@", "Анна", "a private remark"] {
        assert!(!all.contains(secret), "{secret} is readable");
    }
    assert_eq!(bus.load::<Probe>("p").await.unwrap().state.labels[0].known().unwrap(), "a private remark");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_is_unreadable_in_every_stream_and_process_and_the_hashes_stand() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    let person = register_people(&one, 1).await[0];
    let label = ProbeCommand::Label { person, text: "a private remark".into() };
    one.execute::<Probe>("p", label, &system_context()).await.unwrap();
    // The other process has the key in its memory.
    assert!(two.load::<Account>(person).await.unwrap().state.person().unwrap().email.known().is_some());
    let before = one.log().read(Position::START, 10).await.unwrap();

    let erase = AccountCommand::EraseAccount { reason: "asked".into() };
    one.dispatch(Command::Account(person, erase), system_context()).await.unwrap();

    let after = one.log().read(Position::START, 2).await.unwrap();
    assert_eq!(before, after, "the stored events, and with them their hashes, are untouched");
    for bus in [&one, &two] {
        let gone = async || {
            let opened = bus.log().decode(&after[..1]).await.unwrap();
            matches!(&opened[0].event,
                Event::Account(AccountEvent::AccountRegistered { email, .. }) if email.is_erased())
        };
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
        while !gone().await {
            assert!(tokio::time::Instant::now() < deadline, "still readable");
            tokio::task::yield_now().await;
        }
    }
    let fresh = log.start_bus().await;
    assert!(fresh.load::<Probe>("p").await.unwrap().state.labels[0].is_erased());
    let key: Option<Vec<u8>> =
        sqlx::query_scalar("select wrapped_key from log.subject_keys where subject = $1")
            .bind(person.uuid())
            .fetch_one(&log.pool)
            .await
            .unwrap();
    assert_eq!(key, None);
}

/// The message about an erasure may come late.
/// A read model that has seen the event must not decrypt with a key from memory.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_read_of_an_erasure_reads_nothing_personal_any_more() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    let people = register_people(&one, 20).await;
    for person in &people {
        two.log().decode(&two.log().read(Position::START, 100).await.unwrap()).await.unwrap();
        let erase = AccountCommand::EraseAccount { reason: "asked".into() };
        one.dispatch(Command::Account(*person, erase), system_context()).await.unwrap();
        let events = two.log().decode(&two.log().read(Position::START, 100).await.unwrap()).await.unwrap();
        let registered = events.iter().find_map(|recorded| match &recorded.event {
            Event::Account(AccountEvent::AccountRegistered { email, .. }) if email.subject() == *person => {
                Some(email.is_erased())
            }
            _ => None,
        });
        assert_eq!(registered, Some(true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_about_an_erased_person_keeps_nothing_personal() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let person = register_people(&bus, 1).await[0];
    let erase = AccountCommand::EraseAccount { reason: "asked".into() };
    bus.dispatch(Command::Account(person, erase), system_context()).await.unwrap();
    let fresh = log.start_bus().await;
    let label = ProbeCommand::Label { person, text: "too late".into() };
    fresh.execute::<Probe>("p", label, &system_context()).await.unwrap();
    assert!(!dump(&log).await.contains("too late"));
    assert!(log.start_bus().await.load::<Probe>("p").await.unwrap().state.labels[0].is_erased());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_value_that_was_changed_does_not_open() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let person = register_people(&bus, 1).await[0];
    let mut sealed = bus.log().read(Position::START, 1).await.unwrap();
    sealed[0].payload = sealed[0].payload.replacen("\"data\":\"", "\"data\":\"AAAA", 1);
    let error = bus.log().decode(&sealed).await.unwrap_err();
    assert!(
        matches!(error, domain::LogError::Unreadable { position: Position(1), .. }),
        "{error:?} of {person}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_key_that_is_not_the_logs_own_opens_nothing() {
    let log = TestDatabase::create().await;
    register_people(&*log.start_bus().await, 1).await;
    let other = commands::MasterKey::new([8; 32]);
    let clock = std::sync::Arc::new(domain::SystemClock);
    let options = log.options.clone();
    let error = commands::Bus::start(options, &other, clock, Default::default()).await.err().unwrap();
    let causes = format!("{error}: {}", std::error::Error::source(&error).unwrap());
    assert!(causes.contains("does not open with this master key"), "{causes}");
}

/// Concurrent commands seal the first data of a person: one brings the key, the others seal again with it.
#[tokio::test(flavor = "multi_thread")]
async fn first_words_of_a_person_that_come_at_once_are_sealed_with_one_key() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    for round in 0..5 {
        let bus_of = |n| if n % 4 == 0 { &two } else { &one };
        let person = domain::AccountId(uuid::Uuid::now_v7());
        let labels = (0..40).map(|n| {
            let bus = bus_of(n);
            let label = ProbeCommand::Label { person, text: format!("remark {n}") };
            // Some labels share one stream as a chain, some have their own stream.
            let stream = format!("{round}/{}", if n % 2 == 0 { 0 } else { n });
            async move { bus.execute::<Probe>(stream, label, &system_context()).await.unwrap() }
        });
        // Other commands keep the appender busy, so that several labels meet in one batch.
        let others = (0..40).map(|n| async move {
            for _ in 0..5 {
                bus_of(n)
                    .execute::<Probe>(format!("{round}/other/{n}"), ProbeCommand::Add(1), &system_context())
                    .await
                    .unwrap();
            }
        });
        futures::join!(futures::future::join_all(labels), futures::future::join_all(others));
        let fresh = log.start_bus().await;
        for n in (0..40).filter(|n| *n == 0 || n % 2 == 1) {
            let loaded = fresh.load::<Probe>(format!("{round}/{n}")).await.unwrap();
            assert!(loaded.state.labels.iter().all(|label| label.known().is_some()), "{round}/{n}");
        }
    }
}
