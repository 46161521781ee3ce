//! Members of the class get the seats; a suspended or erased teacher opens no slot.

use domain::scheduling::{ClassCommand, Initiator, Party, SeriesChange, SeriesCommand};
use domain::{Command, Role};
use fixtures::{eventually, person};

use crate::world::{World, tuesdays};

#[tokio::test(flavor = "multi_thread")]
async fn the_members_of_the_class_have_the_seats_of_its_lessons() {
    let (world, teacher) = (World::start().await, person());
    let mut students = [person(), person(), person()];
    students.sort();
    let mut new = tuesdays(teacher);
    new.class_id = Some(world.makes_class(teacher, &students).await);
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    let slots = world.slots().await;
    assert_eq!(slots.len(), 8);
    assert!(slots.values().all(|slot| slot.booked == students), "{slots:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_that_is_closed_ends_its_series() {
    let (world, teacher) = (World::start().await, person());
    let class_id = world.makes_class(teacher, &[person()]).await;
    let mut new = tuesdays(teacher);
    new.class_id = Some(class_id);
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    let close = ClassCommand::CloseClass { by: domain::scheduling::Initiator::Person(teacher) };
    world.asks(Command::Class(class_id, close)).await;
    world.days_pass(7);
    eventually("the series has ended", async || {
        world.series(id).await.ended_from.is_some_and(|from| from.to_string() == "2027-03-08")
    })
    .await;
    assert_eq!(world.extensions().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_teacher_opens_nothing_until_they_are_back() {
    let world = World::start().await;
    let teacher = world.registers(Role::Teacher).await;
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    world.suspends(teacher).await;
    world.days_pass(7);
    world.is_quiet().await;
    assert_eq!(world.extensions().await.len(), 1);
    world.reinstates(teacher).await;
    world.days_pass(1);
    world.extended(id, "2027-05-04").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_series_of_an_erased_teacher_ends_by_itself() {
    let world = World::start().await;
    let teacher = world.registers(Role::Teacher).await;
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    world.erases(teacher).await;
    world.days_pass(7);
    eventually("no slot is offered", async || {
        world.is_quiet().await;
        // The lesson time of last week is past and stays.
        world.open_times(teacher).await == ["03-02 16:00"]
    })
    .await;
    assert_eq!(world.series(id).await.ended_from.unwrap().to_string(), "2027-03-08");
}

/// Only members of the class are booked, so the class moves with its series.
#[tokio::test(flavor = "multi_thread")]
async fn a_class_moves_with_its_series_and_ends_with_it() {
    let (world, teacher) = (World::start().await, person());
    let mut students = [person(), person()];
    students.sort();
    let mut new = tuesdays(teacher);
    new.class_id = Some(world.makes_class(teacher, &students).await);
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    let at_half_past =
        SeriesChange { local_start: Some("2027-04-06T16:30".parse().unwrap()), ..Default::default() };
    world.changes(id, teacher, "2027-04-01", at_half_past).await;
    world.is_quiet().await;
    let times = world.open_times(teacher).await;
    assert_eq!(times[4..], ["03-30 16:00", "04-06 16:30", "04-13 16:30", "04-20 16:30"]);
    let slots = world.slots().await;
    assert!(slots.values().all(|slot| !slot.open || slot.booked == students), "{slots:#?}");
    let mut cancelled = world.cancellations().await;
    assert_eq!(cancelled.len(), 6, "two students, three lessons");
    assert!(cancelled.iter().all(|(by, fee, caused)| (*by, *fee, *caused) == (Party::Teacher, 0, true)));

    let end =
        SeriesCommand::EndSeries { by: Initiator::Person(teacher), from: "2027-03-20".parse().unwrap() };
    world.asks(Command::Series(id, end)).await;
    world.is_quiet().await;
    assert_eq!(world.open_times(teacher).await, ["03-02 16:00", "03-09 16:00", "03-16 16:00"]);
    cancelled = world.cancellations().await;
    assert_eq!(cancelled.len(), 6 + 2 * 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_is_not_booked_into_the_lessons_of_their_class() {
    let world = World::start().await;
    let (teacher, student) = (person(), person());
    let suspended = world.registers(Role::Teacher).await;
    world.suspends(suspended).await;
    let mut new = tuesdays(teacher);
    new.class_id = Some(world.makes_class(teacher, &[student, suspended]).await);
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    assert!(world.slots().await.values().all(|slot| slot.booked == [student]));
}
