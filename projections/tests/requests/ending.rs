//! The end of requests that no teacher accepts.

use domain::scheduling::{LessonRequestCommand, RequestStatus};
use domain::{Command, DispatchError, Role};
use jiff::SignedDuration;

use crate::world::{World, in_hours};

/// A durable timer keeps the deadline, also across a restart.
#[tokio::test]
async fn a_request_expires_five_hours_before_the_lesson() {
    let mut world = World::start().await;
    let student = world.registers(Role::Student).await;
    let soon = world.requests(student, in_hours(5) + SignedDuration::from_secs(3)).await;
    let later = world.requests(student, in_hours(48)).await;
    world.goes_deaf().await;
    world.listens().await;
    let expired = world.eventually("expired", soon, |request| request.status != RequestStatus::Open).await;
    assert_eq!(expired.status, RequestStatus::Expired);
    assert_eq!(world.request(later).await.status, RequestStatus::Open);
    assert_eq!(world.events("RequestExpired").await, 1);
}

#[tokio::test]
async fn a_request_that_is_taken_back_needs_no_timer() {
    let world = World::start().await;
    let student = world.registers(Role::Student).await;
    let id = world.requests(student, in_hours(48)).await;
    world.searched(id).await;
    world.asks(Command::Request(id, LessonRequestCommand::CancelRequest { student })).await;
    let waiting = "select count(*) from process.tasks where kind = 'expire_request' and state = 'waiting'";
    loop {
        let left: i64 = sqlx::query_scalar(waiting).fetch_one(&world.pool).await.unwrap();
        if left == 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    let early = world.tries(Command::Request(id, LessonRequestCommand::ExpireRequest)).await;
    assert!(early.is_ok(), "it is over: {early:?}");
    assert_eq!(world.events("RequestExpired").await, 0);
}

#[tokio::test]
async fn nobody_is_to_answer_who_is_erased() {
    let world = World::start().await;
    let (gone, stays) = (world.registers(Role::Student).await, world.registers(Role::Student).await);
    let teacher = world.willing_teacher().await;
    let (lost, kept) = (world.requests(gone, in_hours(48)).await, world.requests(stays, in_hours(72)).await);
    world.searched(lost).await;
    world.searched(kept).await;
    world.erases(gone).await;
    let closed = world.eventually("closed", lost, |request| request.status != RequestStatus::Open).await;
    assert_eq!(closed.status, RequestStatus::Cancelled);
    assert_eq!(world.request(kept).await.status, RequestStatus::Open);
    let late = world
        .tries(Command::Request(lost, LessonRequestCommand::DeclineRequest { teacher }))
        .await
        .unwrap_err();
    assert!(
        matches!(&late, DispatchError::Refused(refusal) if refusal.code == "request_cancelled"),
        "{late:?}"
    );
}
