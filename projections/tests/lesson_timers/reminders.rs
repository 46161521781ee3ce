//! Participants are reminded once a day before their lesson and once an hour before.

use domain::scheduling::{Initiator, ReminderLead, SlotCommand};
use domain::{Ids, ProposalId, RandomIds};
use fixtures::person;

use crate::world::World;

const DAY: i64 = 24 * 60;

async fn reminded(world: &World) -> i64 {
    world.is_quiet().await;
    world.events("ReminderSent").await
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_reminded_a_day_and_an_hour_before_once() {
    let world = World::new().await;
    let first = world.start().await;
    let second = world.start().await;
    let slot = world.opens(person(), 3 * DAY, 2).await;
    world.books(slot, person()).await;
    world.books(slot, person()).await;
    world.passes(2 * DAY - 1);
    assert_eq!(reminded(&world).await, 0);
    world.passes(1);
    assert_eq!(reminded(&world).await, 3, "the teacher and two students");
    first.ends().await;
    second.ends().await;

    // A restart and a clock that goes back cause no duplicate.
    let third = world.start().await;
    world.passes(-60);
    assert_eq!(reminded(&world).await, 3);
    world.passes(60 + 23 * 60);
    assert_eq!(reminded(&world).await, 6);
    third.ends().await;
    let _fourth = world.start().await;
    world.passes(60);
    assert_eq!(reminded(&world).await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_books_late_is_reminded_an_hour_before_only() {
    let world = World::new().await;
    let _running = world.start().await;
    let (slot, anna) = (world.opens(person(), 20 * 60, 2).await, person());
    world.books(slot, anna).await;
    assert_eq!(reminded(&world).await, 0);
    world.passes(19 * 60);
    assert_eq!(reminded(&world).await, 2);
    let lesson = world.lesson(slot).await;
    assert!(lesson.reminders.iter().all(|(_, lead, _)| *lead == ReminderLead::Hour));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jump_over_both_reminders_sends_the_later_one() {
    let world = World::new().await;
    let running = world.start().await;
    let slot = world.opens(person(), 3 * DAY, 1).await;
    world.books(slot, person()).await;
    world.is_quiet().await;
    running.ends().await;
    world.passes(3 * DAY - 30);
    let running = world.start().await;
    assert_eq!(reminded(&world).await, 2);
    assert!(world.lesson(slot).await.reminders.iter().all(|(_, lead, _)| *lead == ReminderLead::Hour));
    running.ends().await;

    // A start after the lesson causes no reminder.
    let other = world.opens(person(), 3 * DAY, 1).await;
    world.books(other, person()).await;
    world.passes(4 * DAY);
    let _running = world.start().await;
    assert_eq!(reminded(&world).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_move_with_the_lesson() {
    let world = World::new().await;
    let _running = world.start().await;
    let (teacher, anna) = (person(), person());
    let slot = world.opens(teacher, 3 * DAY, 1).await;
    world.books(slot, anna).await;
    let propose = SlotCommand::ProposeReschedule {
        proposal_id: ProposalId(RandomIds.next()),
        by: teacher,
        starts_at: world.in_minutes(5 * DAY),
    };
    world.of(slot, propose).await;
    world.of(slot, SlotCommand::AcceptReschedule { by: anna }).await;
    world.passes(3 * DAY - 30);
    assert_eq!(reminded(&world).await, 0, "the old time has no reminder any longer");
    world.passes(DAY + 30);
    assert_eq!(reminded(&world).await, 2);
    let starts_at = world.lesson(slot).await.period.starts_at;
    assert!(world.lesson(slot).await.reminders.iter().all(|(.., of)| *of == starts_at));
    world.passes(23 * 60);
    assert_eq!(reminded(&world).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_are_dropped_with_the_lesson_and_with_a_booking() {
    let world = World::new().await;
    let _running = world.start().await;
    let (teacher, anna, boris) = (person(), person(), person());
    let off = world.opens(teacher, 3 * DAY, 1).await;
    world.books(off, anna).await;
    world.of(off, SlotCommand::CancelLesson { by: Initiator::Person(teacher), reason: None }).await;
    let slot = world.opens(teacher, 3 * DAY + 120, 2).await;
    world.books(slot, anna).await;
    let booking_id = world.books(slot, boris).await;
    let by = Initiator::Person(boris);
    world.of(slot, SlotCommand::CancelBooking { booking_id, by, reason: None }).await;
    world.passes(3 * DAY - 30);
    assert_eq!(reminded(&world).await, 2);
    let lesson = world.lesson(slot).await;
    let people: Vec<_> = lesson.reminders.iter().map(|(who, ..)| *who).collect();
    assert!(people.contains(&teacher) && people.contains(&anna));
}
