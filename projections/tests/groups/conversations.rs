//! Conversations that follow from seats and classes: each exists once, with its participants, after any
//! restart of the process.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::messaging::{
    Conversation, class_conversation_id, direct_conversation_id, lesson_conversation_id,
};
use domain::scheduling::{ClassCommand, Initiator, SlotCommand};
use domain::{AccountId, Command, ConversationId};
use projections::messaging::ConversationsReadModel;

use crate::world::{ANNA, BORIS, TEACHER, VERA, World, hours};

/// Present participants; `None` if the conversation was not started.
async fn present(world: &World, id: ConversationId) -> Option<BTreeSet<AccountId>> {
    let conversation = world.bus.load::<Conversation>(id).await.unwrap();
    let thread = conversation.state.thread()?;
    let here = thread.participants.iter().filter(|(_, participant)| !participant.left);
    Some(here.map(|(who, _)| *who).collect())
}

fn these(people: &[AccountId]) -> Option<BTreeSet<AccountId>> {
    Some(people.iter().copied().collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_opens_one_conversation_with_the_teacher() {
    let world = World::start().await;
    for begins_in in [24, 48] {
        let slot = world.opens(1, hours(begins_in)).await;
        world.books(slot, ANNA).await.unwrap();
    }
    world.is_quiet().await;
    assert_eq!(present(&world, direct_conversation_id(ANNA, TEACHER)).await, these(&[ANNA, TEACHER]));
    assert_eq!(world.events("ConversationStarted").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_for_several_is_talked_about_by_those_who_are_booked() {
    let world = World::start().await;
    let slot = world.opens(3, hours(24)).await;
    let conversation = lesson_conversation_id(slot);
    world.is_quiet().await;
    assert_eq!(present(&world, conversation).await, None);
    let booking = world.books(slot, ANNA).await.unwrap();
    world.books(slot, BORIS).await.unwrap();
    world.is_quiet().await;
    assert_eq!(present(&world, conversation).await, these(&[ANNA, BORIS, TEACHER]));
    world.cancels(slot, booking).await;
    world.is_quiet().await;
    assert_eq!(present(&world, conversation).await, these(&[BORIS, TEACHER]));
    let cancel = SlotCommand::CancelLesson { by: Initiator::Person(TEACHER), reason: None };
    world.asks(Command::Slot(slot, cancel)).await;
    world.is_quiet().await;
    assert_eq!(present(&world, conversation).await, these(&[BORIS, TEACHER]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_is_talked_about_by_its_members_and_a_closed_one_still() {
    let world = World::start().await;
    let class = world.makes_class(&[ANNA, BORIS]).await;
    let slot = world.opens_for(Some(class), 5, hours(24)).await;
    world.is_quiet().await;
    let conversation = class_conversation_id(class);
    assert_eq!(present(&world, conversation).await, these(&[ANNA, BORIS, TEACHER]));
    assert_eq!(present(&world, lesson_conversation_id(slot)).await, None);
    world.removes(class, ANNA).await;
    world.is_quiet().await;
    assert_eq!(present(&world, conversation).await, these(&[BORIS, TEACHER]));
    world.class(class, ClassCommand::CloseClass { by: Initiator::Person(TEACHER) }).await;
    world.is_quiet().await;
    assert_eq!(present(&world, conversation).await, these(&[BORIS, TEACHER]));
}

/// A late start, a repetition and two concurrent processes have the same result without duplicates.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_or_is_done_twice_comes_out_the_same() {
    let mut world = World::asleep().await;
    let class = world.makes_class(&[ANNA]).await;
    let slot = world.opens(3, hours(24)).await;
    world.books(slot, BORIS).await.unwrap();
    world.adds(class, VERA).await;
    world.removes(class, ANNA).await;
    world.wakes().await;
    world.wakes().await;
    world.is_quiet().await;
    let counted = async |world: &World| {
        let mut counts = Vec::new();
        for event in ["ConversationStarted", "ParticipantJoined", "ParticipantLeft"] {
            counts.push(world.events(event).await);
        }
        counts
    };
    assert_eq!(present(&world, class_conversation_id(class)).await, these(&[VERA, TEACHER]));
    assert_eq!(present(&world, lesson_conversation_id(slot)).await, these(&[BORIS, TEACHER]));
    let before = counted(&world).await;
    assert_eq!(before[0], 3, "one of two, one of the lesson, one of the class");
    world.sleeps().await;
    let again =
        "update process.tasks set state = 'waiting', finished_at = null where kind = 'keep_conversations'";
    let again = sqlx::query(again).execute(&world.pool).await.unwrap();
    assert!(again.rows_affected() >= 4);
    world.wakes().await;
    world.is_quiet().await;
    assert_eq!(counted(&world).await, before);
    assert!(world.compare(Arc::new(ConversationsReadModel)).await.is_none());
}
