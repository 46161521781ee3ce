//! A missed SLA target of a ticket is recorded in time, and once.

use domain::support::{
    Channel, NewTicket, Priority, SLA_POLICIES, SlaPolicy, SlaTarget, Status, Ticket, TicketCommand,
};
use domain::{Clock, Command, EventLog, Ids, RandomIds, ReplyId, StreamId, StreamVersion, TicketId};
use fixtures::person;
use jiff::{SignedDuration, Timestamp};

use crate::world::World;

/// Minutes, longer than any SLA target with all holidays.
const LONG: i64 = 60 * 24 * 60;

async fn opens(world: &World) -> TicketId {
    let ticket_id = TicketId(RandomIds.next());
    let new = NewTicket {
        requester: person(),
        title: "Не открывается урок".to_owned(),
        description: "Белая страница.".to_owned(),
        priority: Priority::Urgent,
        category: "Сайт".to_owned(),
        tags: vec![],
        channel: Channel::Web,
    };
    world.asks(Command::Ticket(ticket_id, TicketCommand::OpenTicket(new))).await;
    ticket_id
}

/// Deadline of the target, from the opening in the log.
async fn due(world: &World, ticket_id: TicketId, target: SlaTarget) -> Timestamp {
    let events =
        world.bus.log().read_stream(&StreamId::of::<Ticket>(ticket_id), StreamVersion::START).await.unwrap();
    let opened_at = events[0].recorded_at;
    let policy = SlaPolicy::in_force(SLA_POLICIES, opened_at).unwrap();
    policy.calendar.add(opened_at, policy.target(Priority::Urgent, target)).unwrap()
}

fn comes_to(world: &World, instant: Timestamp) {
    world.clock.advance(instant.duration_since(world.clock.now()));
}

/// Missed first responses and missed resolutions in the log.
async fn missed(world: &World) -> (i64, i64) {
    (world.events("FirstResponseBreached").await, world.events("ResolutionBreached").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_promise_is_said_a_moment_after_it_was_due_and_never_again() {
    let world = World::new().await;
    let _running = world.start().await;
    let ticket = opens(&world).await;
    world.is_quiet().await;
    comes_to(&world, due(&world, ticket, SlaTarget::FirstResponse).await);
    world.is_quiet().await;
    assert_eq!(missed(&world).await, (0, 0), "at the very instant it is in time");
    world.clock.advance(SignedDuration::from_millis(1));
    world.is_quiet().await;
    assert_eq!(missed(&world).await, (1, 0));
    comes_to(&world, due(&world, ticket, SlaTarget::Resolution).await + SignedDuration::from_millis(1));
    world.is_quiet().await;
    assert_eq!(missed(&world).await, (1, 1));
    world.passes(LONG);
    world.is_quiet().await;
    assert_eq!(missed(&world).await, (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_and_resolved_in_time_was_not_missed() {
    let world = World::new().await;
    let _running = world.start().await;
    let ticket = opens(&world).await;
    let reply = TicketCommand::ReplyAsAgent {
        reply_id: ReplyId(RandomIds.next()),
        by: person(),
        body: "Обновите страницу.".to_owned(),
    };
    world.asks(Command::Ticket(ticket, reply)).await;
    world.asks(Command::Ticket(ticket, TicketCommand::ChangeStatus { to: Status::Resolved })).await;
    world.is_quiet().await;
    world.passes(LONG);
    world.is_quiet().await;
    assert_eq!(missed(&world).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_outlives_the_process_that_set_it_and_fires_once_for_two() {
    let world = World::new().await;
    let first = world.start().await;
    let second = world.start().await;
    for _ in 0..5 {
        opens(&world).await;
    }
    world.is_quiet().await;
    drop(first);
    world.passes(LONG);
    let third = world.start().await;
    world.is_quiet().await;
    assert_eq!(missed(&world).await, (5, 5));
    second.ends().await;
    world.passes(LONG);
    world.is_quiet().await;
    assert_eq!(missed(&world).await, (5, 5));
    third.ends().await;
}
