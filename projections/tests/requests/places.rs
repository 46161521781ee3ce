//! Limit of open requests of a student, over several processes.

use commands::compare_claims;
use domain::scheduling::{LessonRequestCommand, NewRequest, RequestStatus};
use domain::{AccountId, Command, Dispatch, DispatchError, Ids, RandomIds, RequestId, Role};
use fixtures::{master_key, system_context};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};

use crate::world::{World, in_hours, new_request};

async fn makes(
    bus: &dyn Dispatch,
    student: AccountId,
    starts_at: Timestamp,
    place: u8,
) -> Result<RequestId, &'static str> {
    let id = RequestId(RandomIds.next());
    let new = Box::new(NewRequest { place, ..new_request(student, starts_at) });
    let command = Command::Request(id, LessonRequestCommand::RequestLesson(new));
    match bus.dispatch(command, system_context()).await {
        Ok(_) => Ok(id),
        Err(DispatchError::Refused(refusal)) => Err(refusal.code),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_holds_one_open_request_and_is_free_when_that_ends() {
    let world = World::start().await;
    let second = world.another_bus().await;
    let student = world.registers(Role::Student).await;
    let tries = (0..8).map(|n| {
        let bus = if n % 2 == 0 { &world.bus } else { &second };
        makes(&**bus, student, in_hours(48 + 2 * n), 0)
    });
    let results = join_all(tries).await;
    let made: Vec<RequestId> = results.iter().copied().filter_map(Result::ok).collect();
    assert_eq!(made.len(), 1, "{results:?}");
    assert!(results.iter().flat_map(|result| result.err()).all(|code| code == "too_many_requests_open"));
    let other = world.registers(Role::Student).await;
    makes(&*world.bus, other, in_hours(48), 0).await.unwrap();
    world.asks(Command::Request(made[0], LessonRequestCommand::CancelRequest { student })).await;
    makes(&*second, student, in_hours(48), 0).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_requests_for_one_time_one_is_open() {
    let world = World::start().await;
    let second = world.another_bus().await;
    let student = world.registers(Role::Student).await;
    let start = in_hours(48);
    let tries = (0..5).map(|n| {
        let bus = if n % 2 == 0 { &world.bus } else { &second };
        makes(&**bus, student, start + SignedDuration::from_mins(i64::from(n) * 10), n)
    });
    let results = join_all(tries).await;
    let made: Vec<RequestId> = results.iter().copied().filter_map(Result::ok).collect();
    assert_eq!(made.len(), 1, "{results:?}");
    assert!(results.iter().flat_map(|result| result.err()).all(|code| code == "request_overlaps"));
    // The open request holds its place; the other four are free.
    let held = i64::try_from(results.iter().position(Result::is_ok).unwrap()).unwrap();
    let free = |n: i64| u8::try_from((held + n) % 5).unwrap();
    makes(&*world.bus, student, start + SignedDuration::from_hours(2), free(1)).await.unwrap();
    // The claims of lessons and of requests are separate: a student with a lesson is refused at the
    // acceptance.
    let teacher = world.willing_teacher().await;
    let lesson = world.opens(teacher, start + SignedDuration::from_hours(4)).await;
    world.books(lesson, student).await;
    let beside = makes(&*world.bus, student, start + SignedDuration::from_hours(4), free(2)).await.unwrap();
    assert_eq!(world.request(beside).await.status, RequestStatus::Open);
    let differences = compare_claims(world.bus.log(), &world.pool, &master_key()).await.unwrap();
    assert!(differences.is_empty(), "{differences:?}");
}
