//! An erased person has no future lesson.

use domain::scheduling::{
    BookingStatus, SlotCommand, SlotStatus, WaitlistCommand, WaitlistEntry, WaitlistStatus,
};
use domain::{AccountId, Command, Dispatch, Ids, RandomIds, Role, WaitlistEntryId};
use fixtures::{person, system_context};

use crate::world::World;

const DAY: i64 = 24 * 60;

async fn is_erased(world: &World, person: AccountId) {
    world.erases(person).await;
    world.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bookings_of_an_erased_student_are_cancelled_free_of_charge() {
    let world = World::new().await;
    let _running = world.start().await;
    let anna = world.registers(Role::Student).await;
    let slot = world.opens(person(), 60, 2).await;
    world.books(slot, anna).await;
    world.books(slot, person()).await;
    is_erased(&world, anna).await;
    let lesson = world.lesson(slot).await;
    assert_eq!(lesson.seats_taken(), 1);
    assert_eq!(lesson.bookings[0].status, BookingStatus::Cancelled);
    let (by, late): (String, bool) = sqlx::query_as(
        "select payload->'BookingCancelled'->>'by', (payload->'BookingCancelled'->>'late')::boolean
         from log.events where event_type = 'BookingCancelled'",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert_eq!((by.as_str(), late), ("system", false));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offers_of_an_erased_teacher_are_withdrawn_and_their_lessons_cancelled() {
    let world = World::new().await;
    let _running = world.start().await;
    let teacher = world.registers(Role::Teacher).await;
    let free = world.opens(teacher, DAY, 1).await;
    let booked = world.opens(teacher, 2 * DAY, 1).await;
    world.books(booked, person()).await;
    let others = world.opens(person(), DAY, 1).await;
    is_erased(&world, teacher).await;
    assert_eq!(world.lesson(free).await.status, SlotStatus::Withdrawn);
    assert_eq!(world.lesson(booked).await.status, SlotStatus::Cancelled);
    assert_eq!(world.lesson(others).await.status, SlotStatus::Offered);
    // The second run of the cleanup finds nothing more.
    let before = world.events("LessonCancelled").await;
    world.passes(10);
    world.is_quiet().await;
    assert_eq!(world.events("LessonCancelled").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_student_stands_in_no_line() {
    let world = World::new().await;
    let _running = world.start().await;
    let anna = world.registers(Role::Student).await;
    let slot = world.opens(person(), DAY, 1).await;
    world.books(slot, person()).await;
    let entry_id = WaitlistEntryId(RandomIds.next());
    let enter = vec![
        Command::Slot(slot, SlotCommand::EnterWaitlist { entry_id, student: anna, position: 1 }),
        Command::Waitlist(
            entry_id,
            WaitlistCommand::JoinWaitlist { slot_id: slot, student: anna, position: 1 },
        ),
    ];
    world.bus.dispatch_atomically(enter, system_context()).await.unwrap();
    is_erased(&world, anna).await;
    assert!(world.lesson(slot).await.waitlist.is_empty());
    let entry = world.bus.load::<WaitlistEntry>(entry_id).await.unwrap().state;
    assert!(matches!(*entry, WaitlistEntry::Joined { status: WaitlistStatus::Left, .. }), "{entry:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_on_its_way_during_an_erasure_goes_with_the_second_look() {
    let world = World::new().await;
    let _running = world.start().await;
    let anna = world.registers(Role::Student).await;
    is_erased(&world, anna).await;
    let slot = world.opens(person(), DAY, 1).await;
    world.books(slot, anna).await;
    world.is_quiet().await;
    world.passes(10);
    world.is_quiet().await;
    // The second run follows the clock of the log: the read model has the booking by then.
    assert_eq!(world.lesson(slot).await.seats_taken(), 0);
}
