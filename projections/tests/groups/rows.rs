//! Rows of the waitlist and of classes: a rebuild gives the same rows, and texts of an erased teacher are
//! gone.

use std::sync::Arc;

use domain::Role;
use domain::scheduling::{ClassChanges, ClassCommand, Initiator};
use projection_runtime::ReadModel;
use projections::scheduling::{
    ClassFilter, ClassStatus, ClassesReadModel, WaitlistReadModel, class_slots, classes, waitlist_entries_of,
    waitlist_entry_of,
};

use crate::world::{ANNA, BORIS, TEACHER, VERA, World, hours};

/// Asserts that the live rows equal the rows that the log gives.
async fn follow_from_the_log(world: &World) {
    for model in [Arc::new(WaitlistReadModel) as Arc<dyn ReadModel>, Arc::new(ClassesReadModel)] {
        let name = model.name();
        let differences = world.compare(model).await;
        assert!(differences.is_none() && differences.rows > 0, "{name}: {differences:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_in_line_shows_who_stands_before_it_and_what_became_of_it() {
    let world = World::start().await;
    let class = world.makes_class(&[ANNA]).await;
    let slot = world.opens(1, hours(48)).await;
    let seat = world.books(slot, ANNA).await.unwrap();
    let (boris, vera) = (world.joins(slot, BORIS).await, world.joins(slot, VERA).await);
    world.cancels(slot, seat).await;
    world.is_offered(boris).await;
    world.is_quiet().await;
    let waiting = waitlist_entry_of(&world.pool, VERA, vera).await.unwrap().unwrap();
    assert_eq!((waiting.ahead, waiting.ahead_offered, waiting.entry.status.as_str()), (1, 1, "waiting"));
    assert_eq!((waiting.teacher, waiting.subject.as_deref()), (Some(TEACHER), Some("algebra")));
    assert_eq!(waitlist_entry_of(&world.pool, BORIS, vera).await.unwrap(), None, "it is another's");
    world.accepts(slot, boris, BORIS).await.unwrap();
    world.is_quiet().await;
    let waiting = waitlist_entry_of(&world.pool, VERA, vera).await.unwrap().unwrap();
    assert_eq!((waiting.ahead, waiting.ahead_offered), (0, 0));
    let ended = waitlist_entry_of(&world.pool, BORIS, boris).await.unwrap().unwrap();
    assert_eq!(ended.entry.status, "accepted");
    assert!(ended.entry.booking_id.is_some() && ended.entry.ended_at.is_some());
    assert_eq!(waitlist_entries_of(&world.pool, BORIS, false, None, 10).await.unwrap().rows, []);
    assert_eq!(waitlist_entries_of(&world.pool, BORIS, true, None, 10).await.unwrap().rows, [ended]);
    follow_from_the_log(&world).await;
    assert_eq!(class_slots(&world.pool, class, "2026-01-01T00:00:00Z".parse().unwrap()).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn classes_are_listed_for_their_teacher_and_their_students_page_by_page() {
    let world = World::start().await;
    let slot = world.opens(1, hours(48)).await;
    world.books(slot, ANNA).await.unwrap();
    world.joins(slot, VERA).await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(world.makes_class(&[ANNA, BORIS]).await);
    }
    world.removes(made[1], BORIS).await;
    world.class(made[0], ClassCommand::CloseClass { by: Initiator::Person(TEACHER) }).await;
    let changes = ClassChanges { description: Some("Утром".to_owned()), ..ClassChanges::default() };
    world.class(made[2], ClassCommand::ChangeClass { by: TEACHER, changes: Box::new(changes) }).await;
    world.is_quiet().await;
    let listed = async |person, status| {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = classes(&world.pool, ClassFilter { person, status }, after, 1).await.unwrap();
            found.extend(page.rows.into_iter().map(|row| row.class.class_id));
            match page.next {
                Some(next) => after = Some(next),
                None => return found,
            }
        }
    };
    assert_eq!(listed(TEACHER, None).await, [made[2], made[1], made[0]]);
    assert_eq!(listed(TEACHER, Some(ClassStatus::Open)).await, [made[2], made[1]]);
    assert_eq!(listed(ANNA, Some(ClassStatus::Closed)).await, [made[0]]);
    assert_eq!(listed(BORIS, Some(ClassStatus::Open)).await, [made[2]]);
    assert_eq!(listed(VERA, None).await, []);
    follow_from_the_log(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_erased_teacher_wrote_about_a_class_is_gone() {
    let world = World::start().await;
    let slot = world.opens(1, hours(48)).await;
    world.books(slot, ANNA).await.unwrap();
    world.joins(slot, VERA).await;
    world.registers(TEACHER, Role::Teacher, "lebedeva").await;
    world.makes_class(&[ANNA]).await;
    world.is_quiet().await;
    let name = async || {
        let filter = ClassFilter { person: ANNA, status: None };
        classes(&world.pool, filter, None, 1).await.unwrap().rows[0].class.name.clone()
    };
    assert_eq!(name().await.as_deref(), Some("Алгебра"));
    world.erases(TEACHER).await;
    world.is_quiet().await;
    assert_eq!(name().await, None);
    follow_from_the_log(&world).await;
}
