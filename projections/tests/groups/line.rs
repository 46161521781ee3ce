//! The waitlist: in order, in time, once.

use domain::scheduling::{Initiator, SlotChanges, SlotCommand, WaitlistStatus};
use domain::{Command, Role};

use crate::world::{ANNA, BORIS, PASSER_BY, TEACHER, VERA, World, hours, minutes};

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_is_given_back_is_for_the_first_in_line_and_not_for_a_passer_by() {
    let world = World::start().await;
    let slot = world.opens(1, hours(48)).await;
    let seat = world.books(slot, ANNA).await.unwrap();
    let (boris, vera) = (world.joins(slot, BORIS).await, world.joins(slot, VERA).await);
    world.cancels(slot, seat).await;
    assert_eq!(world.books(slot, PASSER_BY).await, Err("slot_taken"));
    let (_, expires_at) = world.is_offered(boris).await;
    assert_eq!(expires_at, "2026-11-24T11:00:00Z".parse().unwrap());
    assert_eq!(world.status(vera).await, WaitlistStatus::Waiting);
    assert_eq!(world.books(slot, PASSER_BY).await, Err("slot_taken"));
    assert_eq!(world.accepts(slot, boris, PASSER_BY).await, Err("waitlist_entry_not_found"));
    world.accepts(slot, boris, BORIS).await.unwrap();
    world.is_quiet().await;
    assert_eq!(world.seated(slot).await, [BORIS]);
    assert_eq!(world.status(boris).await, WaitlistStatus::Accepted);
    assert_eq!(world.status(vera).await, WaitlistStatus::Waiting);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_offer_goes_to_the_next_in_line() {
    let world = World::start().await;
    let slot = world.opens(1, hours(48)).await;
    let seat = world.books(slot, ANNA).await.unwrap();
    let (boris, vera) = (world.joins(slot, BORIS).await, world.joins(slot, VERA).await);
    world.cancels(slot, seat).await;
    world.declines(slot, boris, BORIS).await;
    world.is_offered(vera).await;
    assert_eq!(world.status(boris).await, WaitlistStatus::Declined);
    world.declines(slot, vera, VERA).await;
    world.is_quiet().await;
    world.books(slot, PASSER_BY).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_nobody_answers_goes_to_the_next_and_is_refused_to_who_comes_late() {
    let world = World::start().await;
    let slot = world.opens(1, hours(48)).await;
    let seat = world.books(slot, ANNA).await.unwrap();
    let (boris, vera) = (world.joins(slot, BORIS).await, world.joins(slot, VERA).await);
    world.cancels(slot, seat).await;
    world.is_offered(boris).await;
    world.waits(hours(2));
    assert_eq!(world.accepts(slot, boris, BORIS).await, Err("offer_expired"));
    world.becomes(boris, WaitlistStatus::Expired).await;
    world.is_offered(vera).await;
    assert_eq!(world.accepts(slot, boris, BORIS).await, Err("offer_expired"));
    world.accepts(slot, vera, VERA).await.unwrap();
    world.is_quiet().await;
    assert_eq!(world.seated(slot).await, [VERA]);
    assert_eq!(world.lesson(slot).await.waitlist, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_free_seats_are_offered_to_two() {
    let world = World::start().await;
    let slot = world.opens(1, hours(48)).await;
    world.books(slot, ANNA).await.unwrap();
    let line =
        [world.joins(slot, BORIS).await, world.joins(slot, VERA).await, world.joins(slot, PASSER_BY).await];
    let changes = Box::new(SlotChanges { capacity: Some(3), ..SlotChanges::default() });
    world.asks(Command::Slot(slot, SlotCommand::ChangeSlot { by: TEACHER, changes })).await;
    world.is_offered(line[0]).await;
    world.is_offered(line[1]).await;
    world.is_quiet().await;
    assert_eq!(world.status(line[2]).await, WaitlistStatus::Waiting);
    assert_eq!(world.events("SeatHeld").await, 2);
}

/// Two independent processes carry out the tasks of the same seat.
#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_made_once_whoever_is_started_again() {
    let mut world = World::asleep().await;
    let slot = world.opens(1, hours(48)).await;
    let seat = world.books(slot, ANNA).await.unwrap();
    let (boris, vera) = (world.joins(slot, BORIS).await, world.joins(slot, VERA).await);
    world.cancels(slot, seat).await;
    world.wakes().await;
    world.wakes().await;
    world.is_offered(boris).await;
    world.sleeps().await;
    world.waits(hours(3));
    world.wakes().await;
    world.wakes().await;
    world.becomes(boris, WaitlistStatus::Expired).await;
    world.is_offered(vera).await;
    world.is_quiet().await;
    assert_eq!(world.events("SeatHeld").await, 2);
    assert_eq!(world.events("OfferExpired").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_ends_shortly_before_the_lesson_and_what_is_free_is_everybodys() {
    let world = World::start().await;
    let slot = world.opens(1, hours(1)).await;
    let seat = world.books(slot, ANNA).await.unwrap();
    let (boris, vera) = (world.joins(slot, BORIS).await, world.joins(slot, VERA).await);
    world.cancels(slot, seat).await;
    let (_, expires_at) = world.is_offered(boris).await;
    assert_eq!(expires_at, "2026-11-24T09:45:00Z".parse().unwrap(), "a quarter of an hour before the start");
    world.is_quiet().await;
    world.waits(minutes(45));
    world.becomes(boris, WaitlistStatus::Expired).await;
    world.becomes(vera, WaitlistStatus::Left).await;
    world.is_quiet().await;
    assert_eq!(world.lesson(slot).await.waitlist, []);
    assert_eq!(world.events("SeatHeld").await, 1, "nothing is offered that could not be answered");
    world.books(slot, PASSER_BY).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_lesson_sends_everybody_home() {
    let world = World::start().await;
    let slot = world.opens(1, hours(48)).await;
    world.books(slot, ANNA).await.unwrap();
    let (boris, vera) = (world.joins(slot, BORIS).await, world.joins(slot, VERA).await);
    let cancel = SlotCommand::CancelLesson { by: Initiator::Person(TEACHER), reason: None };
    world.asks(Command::Slot(slot, cancel)).await;
    world.becomes(boris, WaitlistStatus::Left).await;
    world.becomes(vera, WaitlistStatus::Left).await;
    world.is_quiet().await;
    assert_eq!(world.events("SeatHeld").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_gives_up_their_places_and_offers_to_those_behind() {
    let world = World::start().await;
    for (person, nickname) in [(BORIS, "boris"), (VERA, "vera")] {
        world.registers(person, Role::Student, nickname).await;
    }
    let slot = world.opens(1, hours(48)).await;
    let seat = world.books(slot, ANNA).await.unwrap();
    let (boris, vera) = (world.joins(slot, BORIS).await, world.joins(slot, VERA).await);
    let passer_by = world.joins(slot, PASSER_BY).await;
    world.suspends(VERA).await;
    world.becomes(vera, WaitlistStatus::Left).await;
    world.cancels(slot, seat).await;
    world.is_offered(boris).await;
    world.suspends(BORIS).await;
    world.becomes(boris, WaitlistStatus::Left).await;
    world.is_offered(passer_by).await;
    world.is_quiet().await;
    assert_eq!(world.lesson(slot).await.waitlist.len(), 1);
}
