//! Changes, exceptions and the end of a series: free slots go, booked slots stay.

use domain::accounts::TimeZoneName;
use domain::scheduling::{Initiator, SeriesChange, SeriesCommand, SlotCommand};
use domain::{Command, HoldId, Ids, RandomIds};
use fixtures::person;

use crate::world::{World, tuesdays};

fn at_five() -> SeriesChange {
    SeriesChange { local_start: Some("2027-04-06T17:00".parse().unwrap()), ..SeriesChange::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_its_date_on_a_change_withdraws_what_nobody_booked_and_opens_the_new_times() {
    let (world, teacher, student) = (World::start().await, person(), person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    world.books(world.slot_at("2027-04-13T14:00:00Z").await, student).await;
    world.changes(id, teacher, "2027-04-01", at_five()).await;
    world.is_quiet().await;
    assert_eq!(
        world.open_times(teacher).await,
        [
            "03-02 16:00",
            "03-09 16:00",
            "03-16 16:00",
            "03-23 16:00",
            "03-30 16:00",
            "04-06 17:00",
            "04-13 16:00",
            "04-13 17:00",
            "04-20 17:00",
        ]
    );
    world.days_pass(7);
    world.extended(id, "2027-05-03").await;
    assert_eq!(world.open_times(teacher).await.last().unwrap(), "04-27 17:00");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_terms_alone_opens_the_same_times_anew() {
    let (world, teacher) = (World::start().await, person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    let before = world.open_times(teacher).await;
    let longer = SeriesChange { duration_minutes: Some(90), ..SeriesChange::default() };
    world.changes(id, teacher, "2027-04-10", longer).await;
    world.is_quiet().await;
    assert_eq!(world.open_times(teacher).await, before);
    let slots = world.slots().await;
    let minutes = |wanted| slots.values().filter(|slot| slot.open && slot.minutes == wanted).count();
    assert_eq!((minutes(60), minutes(90)), (6, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_booked_lesson_stays_the_new_time_is_skipped() {
    let (world, teacher, student) = (World::start().await, person(), person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    world.books(world.slot_at("2027-04-13T14:00:00Z").await, student).await;
    let longer = SeriesChange { duration_minutes: Some(90), ..SeriesChange::default() };
    world.changes(id, teacher, "2027-04-01", longer).await;
    world.is_quiet().await;
    let extensions = world.extensions().await;
    assert_eq!(extensions[1], ("2027-04-26".to_owned(), 2, vec!["2027-04-13".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_changes_leave_one_horizon_that_rolls() {
    let (world, teacher) = (World::start().await, person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    world.days_pass(2);
    world.changes(id, teacher, "2027-04-01", at_five()).await;
    world.extended(id, "2027-04-28").await;
    world.is_quiet().await;
    world.days_pass(5);
    world.is_quiet().await;
    assert_eq!(world.series(id).await.extended_through.unwrap().to_string(), "2027-04-28");
    world.days_pass(2);
    world.extended(id, "2027-05-05").await;
    world.is_quiet().await;
    assert_eq!(world.extensions().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_is_left_out_loses_its_slot_and_the_end_all_that_follow() {
    let (world, teacher, student) = (World::start().await, person(), person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    world.books(world.slot_at("2027-04-20T14:00:00Z").await, student).await;
    let command = SeriesCommand::AddException { by: teacher, date: "2027-03-16".parse().unwrap() };
    world.asks(Command::Series(id, command)).await;
    world.is_quiet().await;
    let times = world.open_times(teacher).await;
    assert!(times.len() == 7 && !times.contains(&"03-16 16:00".to_owned()), "{times:?}");
    let command =
        SeriesCommand::EndSeries { by: Initiator::Person(teacher), from: "2027-03-29".parse().unwrap() };
    world.asks(Command::Series(id, command)).await;
    world.is_quiet().await;
    let expected = ["03-02 16:00", "03-09 16:00", "03-23 16:00", "04-20 16:00"];
    assert_eq!(world.open_times(teacher).await, expected);
    world.days_pass(14);
    world.is_quiet().await;
    assert_eq!(world.open_times(teacher).await, expected);
}

/// A seat that is only held is not booked.
#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_is_only_held_is_withdrawn_with_the_others() {
    let (world, teacher, student) = (World::start().await, person(), person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    let slot = world.slot_at("2027-04-13T14:00:00Z").await;
    let hold_id = HoldId(RandomIds.next());
    world.asks(Command::Slot(slot, SlotCommand::HoldSeat { hold_id, student })).await;
    world.changes(id, teacher, "2027-04-01", at_five()).await;
    world.is_quiet().await;
    let times = world.open_times(teacher).await;
    assert!(
        !times.contains(&"04-13 16:00".to_owned()) && times.contains(&"04-13 17:00".to_owned()),
        "{times:?}"
    );
}

/// The wall time stays the same in the new zone.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_zone_opens_the_same_wall_time_elsewhere() {
    let (world, teacher) = (World::start().await, person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    let zone = Some(TimeZoneName::parse("Asia/Tokyo").unwrap());
    world.changes(id, teacher, "2027-04-10", SeriesChange { zone, ..SeriesChange::default() }).await;
    world.is_quiet().await;
    let times = world.open_times(teacher).await;
    assert_eq!(times[5..], ["04-06 16:00", "04-13 09:00", "04-20 09:00"], "16:00 in Tokyo, seen from Berlin");
}
