//! The future of a command may be dropped at every await. Memory then equals the log.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use commands::Bus;
use domain::accounts::{Account, Nickname, ProfileChanges};
use domain::support::{Ticket, TicketCommand};
use domain::{
    AccountId, Command, CommandContext, Dispatch, DispatchError, EventLog, Position, Receipt, TicketId,
};
use fixtures::{TestDatabase, system_context};
use uuid::Uuid;

use crate::claims::register_people;
use crate::probe::{Probe, ProbeCommand};

/// Polls a future so many times, then drops it. Returns its output if it ended before.
async fn drop_after_polls<F: Future>(future: F, polls: u32) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut polled = 0;
    poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if polled == polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Compares what this OS process has in memory with what another one reads from the log.
async fn assert_memory_equals_log(log: &TestDatabase, bus: &Bus, stream: &str) {
    let memory = bus.load::<Probe>(stream).await.unwrap();
    let fresh = log.start_bus().await.load::<Probe>(stream).await.unwrap();
    assert_eq!(memory.version, fresh.version, "{stream}");
    assert_eq!(memory.state, fresh.state, "{stream}");
    assert_eq!(memory.position, fresh.position, "{stream}");
}

fn label(person: AccountId, text: &str) -> ProbeCommand {
    ProbeCommand::Label { person, text: text.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_dropped_while_its_events_are_sealed_leaves_nothing() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    one.load::<Probe>("p").await.unwrap();
    let person = AccountId(Uuid::now_v7());
    let mut held = log.pool.begin().await.unwrap();
    sqlx::query("lock table log.subject_keys in access exclusive mode").execute(&mut *held).await.unwrap();
    let asked = system_context();
    let sent = one.execute::<Probe>("p", label(person, "never sent"), &asked);
    assert!(tokio::time::timeout(Duration::from_millis(300), sent).await.is_err(), "it is being sealed");
    held.rollback().await.unwrap();

    assert_memory_equals_log(&log, &one, "p").await;
    assert_eq!(one.log().head().await.unwrap(), Position::START);
    two.execute::<Probe>("p", ProbeCommand::Add(5), &system_context()).await.unwrap();
    one.execute::<Probe>("p", ProbeCommand::Add(1), &system_context()).await.unwrap();
    assert_memory_equals_log(&log, &one, "p").await;
    assert_eq!(one.load::<Probe>("p").await.unwrap().state.total, 6);
}

/// Each round has a stream and a person of its own, so that all keys and states are loaded.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_on_one_stream_may_be_dropped_at_every_await() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    for polls in 1.. {
        let stream = format!("one-{polls}");
        one.execute::<Probe>(&stream, ProbeCommand::Add(1), &system_context()).await.unwrap();
        let person = AccountId(Uuid::now_v7());
        let asked = system_context();
        let ended = drop_after_polls(one.execute::<Probe>(&stream, label(person, "a"), &asked), polls).await;
        assert_memory_equals_log(&log, &one, &stream).await;
        // Another process writes the next event, and this one decides on it.
        two.execute::<Probe>(&stream, ProbeCommand::Add(10), &system_context()).await.unwrap();
        one.execute::<Probe>(&stream, ProbeCommand::Ensure(100), &system_context()).await.unwrap();
        assert_memory_equals_log(&log, &one, &stream).await;
        assert_eq!(two.load::<Probe>(&stream).await.unwrap().state.total, 100);
        if ended.is_some() {
            assert!(polls > 1, "the command was never suspended");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_on_several_streams_may_be_dropped_at_every_await() {
    let log = TestDatabase::create().await;
    let (one, two) = (log.start_bus().await, log.start_bus().await);
    for polls in 1.. {
        let person = register_named(&one, &format!("n{polls}")).await;
        let ticket = TicketId(Uuid::now_v7());
        let ended = drop_after_polls(
            open_and_rename(&one, person, ticket, &format!("m{polls}"), system_context()),
            polls,
        )
        .await;
        for bus in [&one, &two] {
            let account = bus.load::<Account>(person).await.unwrap();
            let opened = bus.load::<Ticket>(ticket).await.unwrap();
            assert_eq!(account.version.0 == 2, opened.version.0 == 1, "both or none after {polls} polls");
            let fresh = log.start_bus().await;
            assert_eq!(fresh.load::<Account>(person).await.unwrap().state, account.state);
            assert_eq!(fresh.load::<Ticket>(ticket).await.unwrap().state, opened.state);
        }
        if let Some(ended) = ended {
            ended.unwrap();
            assert!(polls > 1, "the command was never suspended");
            return;
        }
    }
}

async fn register_named(bus: &Bus, nickname: &str) -> AccountId {
    let person = AccountId(Uuid::now_v7());
    bus.dispatch(crate::claims::register_command(person, nickname), system_context()).await.unwrap();
    person
}

/// Opens a ticket about a person without a key and changes the nickname of another one, in one append.
async fn open_and_rename(
    bus: &Arc<Bus>,
    person: AccountId,
    ticket: TicketId,
    nickname: &str,
    context: CommandContext,
) -> Result<Receipt, DispatchError> {
    let stranger = AccountId(Uuid::now_v7());
    let new = domain::support::welcome_ticket(stranger, domain::Role::Student, "Анна").unwrap();
    let changes = ProfileChanges {
        nickname: Some(domain::Personal::new(person, Nickname::parse(nickname).unwrap())),
        ..ProfileChanges::default()
    };
    let rename =
        domain::accounts::AccountCommand::UpdateProfile { changes: Box::new(changes), cleared: vec![] };
    let commands =
        vec![Command::Ticket(ticket, TicketCommand::OpenTicket(new)), Command::Account(person, rename)];
    bus.dispatch_atomically(commands, context).await
}

/// A load returns the position of what this process has committed itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_load_after_an_own_command_has_the_position_of_its_events() {
    let log = TestDatabase::create().await;
    let bus = log.start_bus().await;
    bus.load::<Probe>("p").await.unwrap();
    let done = bus.execute::<Probe>("p", ProbeCommand::Add(1), &system_context()).await.unwrap();
    assert_eq!(bus.load::<Probe>("p").await.unwrap().position, done.position);
    register_people(&bus, 1).await;
    let again = bus.execute::<Probe>("p", ProbeCommand::Add(1), &system_context()).await.unwrap();
    assert_eq!(bus.load::<Probe>("p").await.unwrap().position, again.position);
}
