//! Recipients of live frames, on every process.

use domain::AccountId;
use domain::messaging::ConversationCommand;
use serde_json::{Value, json};
use tests::{ConversationWriter, Person, World, id_of, in_hours};

/// A conversation reaches its participants alone.
/// A change of a participant's own view reaches only that participant.
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_told_to_its_participants_alone() {
    let world = World::start().await;
    let writer = ConversationWriter::start(&world).await;
    let (anna, boris, vera) = (registers(&world).await, registers(&world).await, registers(&world).await);
    let (mut a, mut b, mut v) =
        (anna.opens_socket().await, boris.opens_socket().await, vera.opens_socket().await);
    let conversation = writer.between(&anna, &boris).await;
    let sent = writer.sends(conversation, &anna, "совсем личное").await;
    for socket in [&mut a, &mut b] {
        let started = socket.next_of("conversation_started").await;
        assert_eq!(started["data"]["conversation_id"], json!(conversation));
        let told = socket.next_of("message_sent").await;
        assert_eq!(told["position"], sent.position.0);
        assert_eq!(told["data"]["conversation_id"], json!(conversation));
        assert_eq!(told["data"]["sequence"], 1);
        assert_eq!(told["data"]["sender_id"], json!(anna.id));
        assert!(told["data"]["message_id"].is_string());
        assert!(!told.to_string().contains("личное"), "{told}");
    }
    let by = id(&boris);
    writer.does(conversation, by, ConversationCommand::MarkRead { by, up_to: 1 }).await;
    let read = a.next_of("conversation_read").await;
    assert_eq!((&read["data"]["account_id"], &read["data"]["up_to"]), (&json!(boris.id), &json!(1)));
    writer.does(conversation, by, ConversationCommand::Archive { by }).await;
    writer.does(conversation, by, ConversationCommand::Hide { by }).await;
    writer.sends(conversation, &boris, "ответ").await;
    b.next_of("conversation_archived").await;
    b.next_of("conversation_hidden").await;
    for frame in a.all_until("message_sent").await {
        let kind = frame["type"].as_str().unwrap_or_default();
        assert!(!["conversation_archived", "conversation_hidden"].contains(&kind), "{frame}");
    }
    vera.patch("/me/profile", json!({ "city": "Тверь" })).await.ok();
    let frames = v.all_until("profile_updated").await;
    assert!(frames.iter().all(|frame| !sends(frame, &json!(conversation))), "{frames:?}");
}

/// A booking reaches its two parties on every process, and no other student.
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_on_one_process_arrives_at_sockets_of_the_others() {
    let world = World::start().await;
    let second = world.another_app().await;
    // This process has no read models; another process keeps the feed that it sends.
    let third = world.app_with_roles("api").await;
    let (teacher, student) = (world.teacher().registers().await, registers(&world).await);
    let stranger = registers(&world).await;
    let mut at_second = teacher.through(&second.client).opens_socket().await;
    let mut at_third = student.through(&third.client).opens_socket().await;
    let mut elsewhere = stranger.through(&third.client).opens_socket().await;
    let slot = teacher.offers(in_hours(30)).await;
    let booked = student.books(&slot).await.is(201);
    for socket in [&mut at_second, &mut at_third] {
        let told = socket.next_of("seat_booked").await;
        assert_eq!(told["data"]["slot_id"], id_of(&slot), "{told}");
        assert_eq!(told["position"].as_u64(), Some(booked.position()), "{told}");
    }
    student.cancels(&booked).await.ok();
    at_second.next_of("booking_cancelled").await;
    at_third.next_of("booking_cancelled").await;
    stranger.patch("/me/profile", json!({ "city": "Тверь" })).await.ok();
    let frames = elsewhere.all_until("profile_updated").await;
    assert!(frames.iter().all(|frame| !sends(frame, &json!(id_of(&slot)))), "{frames:?}");
}

async fn registers(world: &World) -> Person {
    world.student().registers().await
}

fn id(person: &Person) -> AccountId {
    person.id.parse().expect("a person's id")
}

fn sends(frame: &Value, id: &Value) -> bool {
    frame.to_string().contains(id.as_str().expect("an id"))
}
