//! Slots are open eight weeks ahead in local time, and the horizon moves once a week.

use domain::Command;
use domain::scheduling::{SlotCommand, tzdb_version};
use fixtures::person;

use crate::world::{World, tuesdays};

#[tokio::test(flavor = "multi_thread")]
async fn slots_open_eight_weeks_ahead_at_the_same_wall_time_across_the_change_of_clocks() {
    let (world, teacher) = (World::start().await, person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    let eight = [
        "03-02 16:00",
        "03-09 16:00",
        "03-16 16:00",
        "03-23 16:00",
        "03-30 16:00",
        "04-06 16:00",
        "04-13 16:00",
        "04-20 16:00",
    ];
    assert_eq!(world.open_times(teacher).await, eight);
    let slots = world.slots().await;
    let mut starts: Vec<_> = slots.values().map(|slot| slot.period.starts_at.to_string()).collect();
    starts.sort();
    assert_eq!(starts[3..5], ["2027-03-23T15:00:00Z", "2027-03-30T14:00:00Z"]);
    assert!(slots.values().all(|slot| slot.tzdb.as_deref() == Some(tzdb_version())));
    assert_eq!(world.extensions().await, [("2027-04-26".to_owned(), 8, vec![])]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_horizon_rolls_week_by_week_and_over_a_long_sleep_at_once() {
    let (mut world, teacher) = (World::start().await, person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    world.days_pass(6);
    world.is_quiet().await;
    assert_eq!(world.extensions().await.len(), 1, "a week has not passed");
    world.days_pass(1);
    world.extended(id, "2027-05-03").await;
    world.sleeps().await;
    world.days_pass(21);
    world.wakes().await;
    world.extended(id, "2027-05-24").await;
    world.is_quiet().await;
    assert_eq!(
        world.extensions().await,
        [
            ("2027-04-26".to_owned(), 8, vec![]),
            ("2027-05-03".to_owned(), 1, vec![]),
            ("2027-05-24".to_owned(), 3, vec![]),
        ]
    );
    assert_eq!(world.open_times(teacher).await.len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_on_which_something_stands_in_the_way_is_skipped_and_said_so() {
    let (world, teacher) = (World::start().await, person());
    world.opens(teacher, "2027-03-09T14:30:00Z").await;
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    assert_eq!(world.extensions().await, [("2027-04-26".to_owned(), 7, vec!["2027-03-09".to_owned()])]);
    let times = world.open_times(teacher).await;
    assert!(times.contains(&"03-09 15:30".to_owned()) && !times.contains(&"03-09 16:00".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_was_skipped_is_tried_again_when_its_week_comes() {
    let (world, teacher) = (World::start().await, person());
    let early = world.opens(teacher, "2027-03-09T14:30:00Z").await;
    world.opens(teacher, "2027-03-16T14:30:00Z").await;
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    let both = ["2027-03-09", "2027-03-16"].map(|date| date.parse().unwrap());
    assert_eq!(world.series(id).await.skipped, both.into());
    let by = domain::scheduling::Initiator::Person(teacher);
    world.asks(Command::Slot(early, SlotCommand::WithdrawSlot { by, reason: None })).await;
    world.days_pass(7);
    world.extended(id, "2027-05-03").await;
    let times = world.open_times(teacher).await;
    assert!(
        times.contains(&"03-09 16:00".to_owned()) && !times.contains(&"03-16 16:00".to_owned()),
        "{times:?}"
    );
    assert_eq!(
        world.extensions().await[1],
        ("2027-05-03".to_owned(), 2, vec!["2027-03-16".to_owned()]),
        "one new, one made good, one still in the way"
    );
}

/// A short series has no further weeks, but its skipped dates are still tried.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_skipped_of_a_series_that_is_over_is_tried_until_its_day() {
    let (world, teacher) = (World::start().await, person());
    let early = world.opens(teacher, "2027-03-16T14:30:00Z").await;
    let mut new = tuesdays(teacher);
    new.rrule = "FREQ=WEEKLY;COUNT=3".to_owned();
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    let by = domain::scheduling::Initiator::Person(teacher);
    world.asks(Command::Slot(early, SlotCommand::WithdrawSlot { by, reason: None })).await;
    world.days_pass(7);
    world.extended(id, "2027-05-03").await;
    assert_eq!(world.open_times(teacher).await.len(), 3);
    world.days_pass(14);
    world.is_quiet().await;
    assert_eq!(world.extensions().await.len(), 2, "nothing is left to try");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_is_over_asks_for_nothing_more() {
    let (world, teacher) = (World::start().await, person());
    let mut new = tuesdays(teacher);
    new.rrule = "FREQ=WEEKLY;COUNT=3".to_owned();
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    world.days_pass(70);
    world.is_quiet().await;
    assert_eq!(world.extensions().await.len(), 1);
    assert_eq!(world.open_times(teacher).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_the_teacher_withdrew_stays_withdrawn() {
    let (world, teacher) = (World::start().await, person());
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    let slot = world.slot_at("2027-03-30T14:00:00Z").await;
    let by = domain::scheduling::Initiator::Person(teacher);
    world.asks(Command::Slot(slot, SlotCommand::WithdrawSlot { by, reason: None })).await;
    world.days_pass(7);
    world.extended(id, "2027-05-03").await;
    let times = world.open_times(teacher).await;
    assert!(!times.contains(&"03-30 16:00".to_owned()), "{times:?}");
}
