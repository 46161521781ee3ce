//! Acceptance: request, slot and booking in one append, with competing commands.

use std::sync::Arc;

use commands::Bus;
use domain::scheduling::{
    BookedBy, Booker, LessonRequestCommand, NewBooking, RequestStatus, Slot, SlotAvailability, SlotCommand,
};
use domain::{
    AccountId, BookingId, Command, Dispatch, DispatchError, Receipt, RequestId, Role, StreamVersion,
};
use fixtures::{rub, system_context};
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::world::{World, build_lesson, in_hours, slot};

/// Commands of an acceptance, as the HTTP layer builds them.
fn acceptance(
    request: RequestId,
    teacher: AccountId,
    student: AccountId,
    starts_at: Timestamp,
) -> Vec<Command> {
    let slot_id = build_lesson(request, teacher);
    let booking = NewBooking {
        booking_id: BookingId(Uuid::new_v5(&slot_id.uuid(), b"booking")),
        booker: Booker::Request { teacher, student },
        note: None,
        hold_id: None,
    };
    let price = rub(150_000);
    vec![
        Command::Request(request, LessonRequestCommand::AcceptRequest { teacher, slot_id, price }),
        Command::Slot(slot_id, SlotCommand::OpenSlot(Box::new(slot(teacher, starts_at, Some(request))))),
        Command::Slot(slot_id, SlotCommand::BookSeat(Box::new(booking))),
    ]
}

async fn accepts(bus: &Arc<Bus>, commands: Vec<Command>) -> Result<Receipt, String> {
    bus.dispatch_atomically(commands, system_context()).await.map_err(|error| match error {
        DispatchError::Refused(refusal) => refusal.code.to_owned(),
        other => panic!("{other:?}"),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_accept_at_once_one_has_the_lesson() {
    let world = World::start().await;
    let second = world.another_bus().await;
    let student = world.registers(Role::Student).await;
    let mut teachers = Vec::new();
    for _ in 0..12 {
        teachers.push(world.willing_teacher().await);
    }
    for round in 0..5 {
        let start = in_hours(48 + 2 * round);
        let id = world.requests(student, start).await;
        assert_eq!(world.searched(id).await.offers.len(), teachers.len());
        let tries = teachers.iter().enumerate().map(|(n, teacher)| {
            let bus = if n % 2 == 0 { &world.bus } else { &second };
            accepts(bus, acceptance(id, *teacher, student, start))
        });
        let results = join_all(tries).await;
        let winners = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(winners, 1, "{results:?}");
        assert!(results.iter().flat_map(|result| result.as_ref().err()).all(|code| code == "request_taken"));
        let RequestStatus::Accepted { teacher, slot_id } = world.request(id).await.status else {
            panic!("a teacher has it")
        };
        let won = world.bus.load::<Slot>(slot_id).await.unwrap();
        let lesson = won.state.lesson().unwrap().clone();
        assert_eq!((lesson.teacher, lesson.availability()), (teacher, SlotAvailability::Full));
        assert_eq!(lesson.booking_of(student).unwrap().booked_by, BookedBy::Request);
        assert_eq!(won.version, StreamVersion(2), "two commands to one stream in one append");
    }
    for event in ["SlotOpened", "SeatBooked", "RequestAccepted"] {
        assert_eq!(world.events(event).await, 5, "{event}");
    }
}

/// A teacher who became busy gets no lesson, and no event is left: all three or nothing.
#[tokio::test]
async fn an_acceptance_against_another_lesson_leaves_nothing_behind() {
    let world = World::start().await;
    let student = world.registers(Role::Student).await;
    let (busy, free) = (world.willing_teacher().await, world.willing_teacher().await);
    let start = in_hours(48);
    let id = world.requests(student, start).await;
    assert_eq!(world.searched(id).await.offers.len(), 2);
    world.opens(busy, start + SignedDuration::from_mins(45)).await;
    let refused = accepts(&world.bus, acceptance(id, busy, student, start)).await;
    assert_eq!(refused.unwrap_err(), "time_conflict");
    assert_eq!(world.request(id).await.status, RequestStatus::Open);
    assert!(world.bus.load::<Slot>(build_lesson(id, busy)).await.unwrap().state.lesson().is_none());
    accepts(&world.bus, acceptance(id, free, student, start)).await.unwrap();
    assert_eq!(world.events("RequestAccepted").await, 1);
}

/// A student has one lesson at a time as well.
#[tokio::test]
async fn a_student_who_has_a_lesson_meanwhile_gets_no_other_at_that_time() {
    let world = World::start().await;
    let student = world.registers(Role::Student).await;
    let (vera, boris) = (world.willing_teacher().await, world.willing_teacher().await);
    let start = in_hours(48);
    let id = world.requests(student, start).await;
    world.searched(id).await;
    let other = world.opens(boris, start + SignedDuration::from_mins(30)).await;
    world.books(other, student).await;
    let refused = accepts(&world.bus, acceptance(id, vera, student, start)).await;
    assert_eq!(refused.unwrap_err(), "time_conflict");
    assert_eq!(world.request(id).await.status, RequestStatus::Open);
}
