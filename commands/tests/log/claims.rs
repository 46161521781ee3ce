//! Unique keys stay unique, a person's times do not overlap, and all claims follow from the events.

use commands::compare_claims;
use domain::{AccountId, DispatchError};
use fixtures::{TestDatabase, master_key, registration, system_context};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::probe::{Probe, ProbeCommand};

fn refusal(result: Result<domain::Receipt, DispatchError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(DispatchError::Refused(refusal)) => refusal.code,
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_one_name_exactly_one_gets_it() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    let wants = (0..32).map(|n| {
        let bus = if n % 2 == 0 { &one } else { &two };
        async move {
            refusal(
                bus.execute::<Probe>(format!("p{n}"), ProbeCommand::Name("anna".into()), &system_context())
                    .await,
            )
        }
    });
    let answers = join_all(wants).await;
    assert_eq!(answers.iter().filter(|answer| **answer == "ok").count(), 1);
    assert_eq!(answers.iter().filter(|answer| **answer == "name_taken").count(), 31);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_freed_name_can_be_taken_and_a_changed_one_frees_the_old() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let name = |id: &'static str, name: &'static str| {
        let bus = &bus;
        async move { refusal(bus.execute::<Probe>(id, ProbeCommand::Name(name.into()), &system_context()).await) }
    };
    assert_eq!(name("a", "anna").await, "ok");
    assert_eq!(name("b", "anna").await, "name_taken");
    assert_eq!(name("a", "boris").await, "ok");
    assert_eq!(name("b", "anna").await, "ok");
    bus.execute::<Probe>("a", ProbeCommand::Free, &system_context()).await.unwrap();
    assert_eq!(name("c", "boris").await, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_in_two_places_at_once() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    let person = AccountId(Uuid::now_v7());
    let start: Timestamp = "2026-12-01T10:00:00Z".parse().unwrap();
    let minutes = SignedDuration::from_mins;
    let book = |bus: &std::sync::Arc<commands::Bus>, id: String, from: i64, to: i64| {
        let bus = std::sync::Arc::clone(bus);
        let command = ProbeCommand::Book { person, from: start + minutes(from), to: start + minutes(to) };
        async move { refusal(bus.execute::<Probe>(id, command, &system_context()).await) }
    };
    let racing = (0..20).map(|n| book(if n % 2 == 0 { &one } else { &two }, format!("r{n}"), n, n + 60));
    let answers = join_all(racing).await;
    assert_eq!(answers.iter().filter(|answer| **answer == "ok").count(), 1, "{answers:?}");
    assert_eq!(book(&one, "after".into(), 79, 90).await, "ok", "a half-open end touches nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_conflict_in_a_batch_fails_no_neighbour() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    bus.execute::<Probe>("holder", ProbeCommand::Name("taken".into()), &system_context()).await.unwrap();
    let mixed = (0..50).map(|n| {
        let bus = &bus;
        let name = if n % 10 == 3 { "taken".to_owned() } else { format!("free-{n}") };
        async move {
            refusal(bus.execute::<Probe>(format!("m{n}"), ProbeCommand::Name(name), &system_context()).await)
        }
    });
    let answers = join_all(mixed).await;
    for (n, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer, if n % 10 == 3 { "name_taken" } else { "ok" }, "append {n}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_equal_those_rebuilt_from_the_log() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    // Streams of the domain are needed here: the rebuild decodes the whole log.
    let people = register_people(&bus, 20).await;
    for person in people.iter().take(5) {
        let erase = domain::accounts::AccountCommand::EraseAccount { reason: "asked".into() };
        let command = domain::Command::Account(*person, erase);
        domain::Dispatch::dispatch(&*bus, command, system_context()).await.unwrap();
    }
    let difference = compare_claims(bus.log(), &log.pool, &master_key()).await.unwrap();
    assert!(difference.is_empty(), "{difference:?}");
    let held: i64 =
        sqlx::query_scalar("select count(*) from log.unique_claims").fetch_one(&log.pool).await.unwrap();
    assert_eq!(held, 30, "an e-mail and a nickname for each who is left");
    sqlx::query("delete from log.unique_claims where ctid = (select min(ctid) from log.unique_claims)")
        .execute(&log.pool)
        .await
        .unwrap();
    let difference = compare_claims(bus.log(), &log.pool, &master_key()).await.unwrap();
    assert_eq!((difference.only_in_log.len(), difference.only_in_table.len()), (1, 0));
}

pub async fn register_people(bus: &commands::Bus, count: usize) -> Vec<AccountId> {
    let registrations = (0..count).map(|n| async move {
        let account_id = AccountId(Uuid::now_v7());
        let command = register_command(account_id, &format!("Person{n}"));
        domain::Dispatch::dispatch(bus, command, system_context()).await.unwrap();
        account_id
    });
    join_all(registrations).await
}

pub fn register_command(account_id: AccountId, nickname: &str) -> domain::Command {
    use domain::accounts::{AccountCommand, Email, Nickname, Registration};
    let registration = Registration {
        email: Email::parse(&format!("{nickname}@Example.test")).unwrap(),
        nickname: Nickname::parse(nickname).unwrap(),
        ..registration(account_id, domain::Role::Student)
    };
    domain::Command::Account(account_id, AccountCommand::RegisterAccount(registration))
}
