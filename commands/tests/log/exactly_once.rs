//! The same command id gives the same receipt, whatever happened in between.

use std::time::Duration;

use domain::accounts::{Account, AccountCommand, Nickname, ProfileChanges};
use domain::support::TicketCommand;
use domain::{AccountId, Command, Dispatch, DispatchError, EventLog, Position, StreamVersion, TicketId};
use fixtures::{TestDatabase, system_context};
use futures::future::join_all;
use uuid::Uuid;

use crate::claims::{register_command, register_people};
use crate::probe::{Probe, ProbeCommand};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_command_id_gives_the_first_receipt_and_appends_nothing() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let same = system_context();
    let first = bus.execute::<Probe>("a", ProbeCommand::Add(1), &same).await.unwrap();
    let again = bus.execute::<Probe>("a", ProbeCommand::Add(1), &same).await.unwrap();
    assert!(again.replayed && !first.replayed);
    assert_eq!((again.position, &again.streams), (first.position, &first.streams));
    assert_eq!(bus.load::<Probe>("a").await.unwrap().state.total, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_command_id_sent_by_many_at_once_to_two_processes_counts_once() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    let same = system_context();
    let sends = (0..20).map(|n| {
        let (bus, same) = (if n % 2 == 0 { &one } else { &two }, &same);
        // Each command would write its own stream, as repeated registrations do.
        async move { bus.execute::<Probe>(format!("s{n}"), ProbeCommand::Add(1), same).await.unwrap() }
    });
    let receipts = join_all(sends).await;
    assert_eq!(receipts.iter().filter(|receipt| !receipt.replayed).count(), 1);
    assert!(receipts.iter().all(|receipt| receipt.streams == receipts[0].streams));
    assert_eq!(one.log().head().await.unwrap(), Position(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_command_is_not_refused_by_the_state_that_it_made() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let same = system_context();
    let command = ProbeCommand::AddBelow { amount: 1, limit: 1 };
    let first = bus.execute::<Probe>("a", command.clone(), &same).await.unwrap();
    let again = bus.execute::<Probe>("a", command.clone(), &same).await.unwrap();
    assert_eq!(again.position, first.position);
    let other = bus.execute::<Probe>("a", command, &system_context()).await;
    assert!(matches!(other, Err(DispatchError::Refused(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn already_so_appends_nothing_and_succeeds() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    bus.execute::<Probe>("a", ProbeCommand::Ensure(3), &system_context()).await.unwrap();
    let same = bus.execute::<Probe>("a", ProbeCommand::Ensure(3), &system_context()).await.unwrap();
    assert_eq!((same.version(), same.position), (StreamVersion(1), Position(1)));
    assert_eq!(bus.log().head().await.unwrap(), Position(1));
}

/// A caller may leave (a deadline, a closed browser) while its events are in flight.
#[tokio::test(flavor = "multi_thread")]
async fn events_that_never_came_to_be_are_forgotten_though_their_sender_is_gone() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    one.execute::<Probe>("a", ProbeCommand::Add(1), &system_context()).await.unwrap();
    // The cached state of `one` is stale from here on.
    two.execute::<Probe>("a", ProbeCommand::Add(1), &system_context()).await.unwrap();
    let mut holding = log.pool.begin().await.unwrap();
    sqlx::query("lock table log.append_order in exclusive mode").execute(&mut *holding).await.unwrap();
    let asked = system_context();
    let sent = one.execute::<Probe>("a", ProbeCommand::Ensure(7), &asked);
    assert!(tokio::time::timeout(Duration::from_millis(300), sent).await.is_err(), "it is in flight");
    holding.rollback().await.unwrap();
    one.execute::<Probe>("a", ProbeCommand::Ensure(7), &system_context()).await.unwrap();
    assert_eq!(two.load::<Probe>("a").await.unwrap().state.total, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_is_there_once_though_every_connection_is_cut_again_and_again() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let done = tokio_util::sync::CancellationToken::new();
    let cutting = async {
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and pid <> pg_backend_pid() and usename = current_user";
        while !done.is_cancelled() {
            let _ = sqlx::query(cut).execute(&log.pool).await;
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    };
    let writing = async {
        let writers = (0..16).map(|writer| {
            let bus = &bus;
            async move {
                let mut acknowledged = 0;
                for _ in 0..20 {
                    let same = system_context();
                    // Repeats the same command until it is answered, as a client does.
                    while bus
                        .execute::<Probe>(format!("w{writer}"), ProbeCommand::Add(1), &same)
                        .await
                        .is_err()
                    {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                    acknowledged += 1;
                }
                acknowledged
            }
        });
        let acknowledged: u64 = join_all(writers).await.into_iter().sum();
        done.cancel();
        acknowledged
    };
    let (acknowledged, ()) = tokio::join!(writing, cutting);
    assert_eq!(acknowledged, 320);
    let fresh = log.start_bus().await;
    assert_eq!(fresh.log().head().await.unwrap(), Position(320));
    let events = fresh.log().read(Position::START, 1000).await.unwrap();
    assert_eq!(events.len(), 320, "each acknowledged command is in the log exactly once");
}

/// A repeated batch finds its command ids in the log: some are its own, some those of another process.
#[tokio::test(flavor = "multi_thread")]
async fn one_command_id_sent_by_many_counts_once_though_every_connection_is_cut_again_and_again() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    for round in 0..6 {
        let same = system_context();
        let person = AccountId(Uuid::now_v7());
        let sends = (0..20).map(|n| {
            let (bus, same) = (if n % 2 == 0 { &one } else { &two }, &same);
            // Repeats the same command until it is answered; each sender has its own stream and sealed text.
            async move {
                loop {
                    let label = ProbeCommand::Label { person, text: format!("{n}") };
                    match bus.execute::<Probe>(format!("{round}/{n}"), label, same).await {
                        Ok(receipt) => return receipt,
                        Err(DispatchError::Unavailable(_)) => {
                            tokio::time::sleep(Duration::from_millis(5)).await
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
            }
        });
        let cutting = async {
            let cut = "select pg_terminate_backend(pid) from pg_stat_activity
                       where datname = current_database() and pid <> pg_backend_pid() and usename = current_user";
            for _ in 0..4 {
                let _ = sqlx::query(cut).execute(&log.pool).await;
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        };
        let (receipts, ()) = tokio::join!(join_all(sends), cutting);
        assert!(receipts.iter().filter(|receipt| !receipt.replayed).count() <= 1, "{receipts:?}");
        assert!(receipts.iter().all(|receipt| receipt.streams == receipts[0].streams), "{receipts:?}");
        let fresh = log.start_bus().await;
        for n in 0..20 {
            let stream = format!("{round}/{n}");
            let stored = fresh.load::<Probe>(&stream).await.unwrap();
            for bus in [&one, &two] {
                assert_eq!(bus.load::<Probe>(&stream).await.unwrap().state, stored.state, "{stream}");
            }
        }
        assert_eq!(fresh.log().head().await.unwrap(), Position(round + 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_go_together_are_committed_all_or_not_at_all() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    let anna = register_people(&bus, 1).await[0];
    let before = bus.log().head().await.unwrap();
    let ticket = |id| {
        let new = domain::support::welcome_ticket(anna, domain::Role::Student, "Анна").unwrap();
        Command::Ticket(id, TicketCommand::OpenTicket(new))
    };
    let profile = |nickname: &str| {
        let changes = ProfileChanges {
            nickname: Some(domain::Personal::new(anna, Nickname::parse(nickname).unwrap())),
            ..ProfileChanges::default()
        };
        Command::Account(anna, AccountCommand::UpdateProfile { changes: Box::new(changes), cleared: vec![] })
    };
    let taken = AccountId(Uuid::now_v7());
    let mut other = register_command(taken, "other");
    bus.dispatch(other, system_context()).await.unwrap();

    let first = TicketId(Uuid::now_v7());
    let refused =
        bus.dispatch_atomically(vec![ticket(first), profile("other")], system_context()).await.unwrap_err();
    assert!(matches!(&refused, DispatchError::Refused(r) if r.code == "nickname_taken"), "{refused:?}");
    assert_eq!(bus.log().head().await.unwrap(), before + 1, "the ticket was not opened either");

    let both = bus.dispatch_atomically(vec![ticket(first), profile("anna")], system_context()).await.unwrap();
    assert_eq!(both.streams.iter().map(|s| s.version.0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(both.position, before + 3);

    other = ticket(first);
    let again = bus.dispatch_atomically(vec![profile("anna-2"), other], system_context()).await.unwrap_err();
    assert!(matches!(&again, DispatchError::Refused(r) if r.code == "ticket_already_opened"), "{again:?}");
    let account = bus.load::<Account>(anna).await.unwrap();
    let nickname = account.state.person().unwrap().profile.nickname.clone().unwrap();
    assert_eq!(nickname.known().unwrap().as_str(), "anna");
}
