//! Seats of class members: a new member gets the seats of future lessons, a former member loses them.

use domain::scheduling::{BookingStatus, ClassCommand, Initiator, SlotChanges, SlotCommand};
use domain::{Command, Role};

use crate::world::{ANNA, BORIS, TEACHER, VERA, World, hours};

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_a_class_sits_in_its_coming_lessons_that_have_a_seat() {
    let world = World::start().await;
    let class = world.makes_class(&[ANNA]).await;
    let wide = world.opens_for(Some(class), 5, hours(24)).await;
    let narrow = world.opens_for(Some(class), 1, hours(48)).await;
    let late = world.opens_for(Some(class), 5, hours(72)).await;
    for slot in [wide, narrow, late] {
        world.seats(slot, &[ANNA]).await;
    }
    // Boris has another lesson at the time of the last one.
    let elsewhere = world.opens_elsewhere(hours(72)).await;
    world.books(elsewhere, BORIS).await.unwrap();
    world.adds(class, BORIS).await;
    world.seats(wide, &[ANNA, BORIS]).await;
    world.is_quiet().await;
    assert_eq!(world.seated(narrow).await, [ANNA]);
    assert_eq!(world.seated(late).await, [ANNA]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_class_leaves_its_coming_lessons_without_a_fee() {
    let world = World::start().await;
    let class = world.makes_class(&[ANNA, BORIS]).await;
    let slot = world.opens_for(Some(class), 5, hours(3)).await;
    world.seats(slot, &[ANNA, BORIS]).await;
    world.removes(class, BORIS).await;
    world.seats(slot, &[ANNA]).await;
    let fee: String = sqlx::query_scalar(
        "select payload -> 'BookingCancelled' -> 'fee' ->> 'amount' from log.events
         where event_type = 'BookingCancelled'",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert_eq!(fee, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_class_has_no_seats_any_more() {
    let world = World::start().await;
    let class = world.makes_class(&[ANNA, BORIS]).await;
    let slots =
        [world.opens_for(Some(class), 5, hours(24)).await, world.opens_for(Some(class), 5, hours(48)).await];
    world.seats(slots[1], &[ANNA, BORIS]).await;
    world.class(class, ClassCommand::CloseClass { by: Initiator::Person(TEACHER) }).await;
    for slot in slots {
        world.seats(slot, &[]).await;
    }
    assert!(world.group(class).await.closed);
}

/// A student who cancels a lesson of their class is not booked into it again.
#[tokio::test(flavor = "multi_thread")]
async fn who_cancels_a_lesson_of_their_class_is_not_seated_again() {
    let world = World::start().await;
    let class = world.makes_class(&[ANNA, BORIS]).await;
    let slot = world.opens_for(Some(class), 5, hours(48)).await;
    world.seats(slot, &[ANNA, BORIS]).await;
    let lesson = world.lesson(slot).await;
    let booking_id = lesson.booking_of(BORIS).unwrap().booking_id;
    let cancel = SlotCommand::CancelBooking { booking_id, by: Initiator::Person(BORIS), reason: None };
    world.asks(Command::Slot(slot, cancel)).await;
    world.adds(class, VERA).await;
    world.seats(slot, &[ANNA, VERA]).await;
    world.is_quiet().await;
    assert_eq!(world.seated(slot).await, [ANNA, VERA]);
}

/// The log is the same whether a process manager follows it live or later.
#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_nobody_listened_is_caught_up() {
    let mut world = World::asleep().await;
    let class = world.makes_class(&[ANNA]).await;
    let slot = world.opens_for(Some(class), 5, hours(48)).await;
    world.adds(class, BORIS).await;
    world.removes(class, ANNA).await;
    world.adds(class, VERA).await;
    world.wakes().await;
    world.seats(slot, &[BORIS, VERA]).await;
    world.is_quiet().await;
    let lesson = world.lesson(slot).await;
    let students = [BORIS, VERA];
    for booking in &lesson.bookings {
        let sits = students.contains(&booking.student);
        assert_eq!(booking.status == BookingStatus::Booked, sits, "{booking:?}");
    }
    assert_eq!(world.events("SeatBooked").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_is_in_no_class_and_leads_none() {
    let world = World::start().await;
    world.registers(BORIS, Role::Student, "boris").await;
    world.registers(TEACHER, Role::Teacher, "lebedeva").await;
    let class = world.makes_class(&[ANNA, BORIS]).await;
    let slot = world.opens_for(Some(class), 5, hours(48)).await;
    world.seats(slot, &[ANNA, BORIS]).await;
    world.erases(BORIS).await;
    world.seats(slot, &[ANNA]).await;
    assert!(!world.group(class).await.students.contains(&BORIS));
    world.erases(TEACHER).await;
    world.seats(slot, &[]).await;
    assert!(world.group(class).await.closed);
}

/// A member without a seat is booked once a seat or their time becomes free.
#[tokio::test(flavor = "multi_thread")]
async fn who_could_not_be_seated_is_tried_again_when_the_obstacle_goes() {
    let world = World::start().await;
    let class = world.makes_class(&[ANNA]).await;
    let narrow = world.opens_for(Some(class), 1, hours(48)).await;
    let late = world.opens_for(Some(class), 5, hours(72)).await;
    world.seats(late, &[ANNA]).await;
    let elsewhere = world.opens_elsewhere(hours(72)).await;
    let seat = world.books(elsewhere, BORIS).await.unwrap();
    world.adds(class, BORIS).await;
    world.is_quiet().await;
    assert_eq!((world.seated(narrow).await, world.seated(late).await), (vec![ANNA], vec![ANNA]));
    world.cancels(elsewhere, seat).await;
    world.seats(late, &[ANNA, BORIS]).await;
    let changes = Box::new(SlotChanges { capacity: Some(2), ..SlotChanges::default() });
    let wider = SlotCommand::ChangeSlot { by: TEACHER, changes };
    world.asks(Command::Slot(narrow, wider)).await;
    world.seats(narrow, &[ANNA, BORIS]).await;
}

/// Existing bookings of a suspended member stay; new ones are not made.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_sits_in_no_new_lesson_of_their_class_until_they_are_back() {
    let world = World::start().await;
    world.registers(BORIS, Role::Student, "boris").await;
    let class = world.makes_class(&[ANNA, BORIS]).await;
    let before = world.opens_for(Some(class), 5, hours(24)).await;
    world.seats(before, &[ANNA, BORIS]).await;
    world.suspends(BORIS).await;
    let meanwhile = world.opens_for(Some(class), 5, hours(48)).await;
    world.seats(meanwhile, &[ANNA]).await;
    world.is_quiet().await;
    assert_eq!(world.seated(meanwhile).await, [ANNA]);
    assert_eq!(world.seated(before).await, [ANNA, BORIS]);
    world.reinstates(BORIS).await;
    world.seats(meanwhile, &[ANNA, BORIS]).await;
}
