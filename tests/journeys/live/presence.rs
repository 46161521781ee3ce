//! Typing and presence: not stored, for participants of shared conversations, over all processes.

use serde_json::{Value, json};
use tests::{ConversationWriter, Person, Settings, Socket, World};

fn quick() -> Settings {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_LIVE__PRESENCE_MS", "300".into()));
    settings
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_reaches_the_other_participants_and_never_the_log() {
    let world = World::with(quick()).await;
    let second = world.another_app().await;
    let writer = ConversationWriter::start(&world).await;
    let [anna, boris, vera] = three(&world).await;
    let conversation = writer.between(&anna, &boris).await;
    let mut a = anna.opens_socket().await;
    let mut here = boris.opens_socket().await;
    let mut there = boris.through(&second.client).opens_socket().await;
    let mut v = vera.through(&second.client).opens_socket().await;
    let before = events(&world).await;
    // The session determines who types, whatever the frame says.
    a.sends(json!({ "type": "typing", "conversation_id": conversation, "account_id": vera.id })).await;
    for socket in [&mut here, &mut there] {
        let told = socket.next_of("typing").await;
        assert_eq!(told["conversation_id"], json!(conversation));
        assert_eq!(told["data"], json!({ "conversation_id": conversation, "account_id": anna.id }));
        assert!(told["position"].is_null());
    }
    v.sends(json!({ "type": "typing", "conversation_id": conversation })).await;
    assert_eq!(v.next_of("error").await["code"], "conversation_not_found");
    assert_eq!(events(&world).await, before, "nothing of it is an event");
    for (person, socket) in [(&anna, &mut a), (&vera, &mut v)] {
        person.patch("/me/profile", json!({ "city": "Тверь" })).await.ok();
        let frames = socket.all_until("profile_updated").await;
        assert!(frames.iter().all(|frame| frame["type"] != "typing"), "{frames:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_online_is_told_to_those_who_share_a_conversation() {
    let world = World::with(quick()).await;
    let mut second = world.another_app().await;
    let writer = ConversationWriter::start(&world).await;
    let [anna, boris, vera] = three(&world).await;
    writer.between(&anna, &boris).await;
    let (mut a, mut v) = (anna.opens_socket().await, vera.opens_socket().await);
    let mut b = boris.through(&second.client).opens_socket().await;
    sees(&mut a, &boris, true).await;
    sees(&mut b, &anna, true).await;
    // Two sockets of one person: closing one of them keeps the person online.
    let b2 = boris.opens_socket().await;
    drop(b);
    let mut b = boris.through(&second.client).opens_socket().await;
    drop(b2);
    b.closes().await;
    sees(&mut a, &boris, false).await;

    let mut b = boris.through(&second.client).opens_socket().await;
    sees(&mut a, &boris, true).await;
    second.is_killed();
    sees(&mut a, &boris, false).await;
    b.ends().await;

    // A new conversation announces who is online already.
    writer.between(&anna, &vera).await;
    sees(&mut a, &vera, true).await;
    vera.patch("/me/profile", json!({ "city": "Тверь" })).await.ok();
    let frames = v.all_until("profile_updated").await;
    assert!(frames.iter().all(|frame| frame["data"]["account_id"] != json!(boris.id)), "{frames:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_ends_presence_between_the_two_until_it_ends() {
    let world = World::with(quick()).await;
    let second = world.another_app().await;
    let writer = ConversationWriter::start(&world).await;
    let [anna, boris, vera] = three(&world).await;
    let conversation = writer.between(&anna, &boris).await;
    writer.between(&boris, &vera).await;
    let mut a = anna.opens_socket().await;
    let mut b = boris.through(&second.client).opens_socket().await;
    sees(&mut a, &boris, true).await;
    sees(&mut b, &anna, true).await;
    anna.post(&format!("/conversations/{conversation}/block"), json!({})).await.ok();
    sees(&mut b, &anna, false).await;
    sees(&mut a, &boris, false).await;
    // A new socket gets no presence either; the presence of other people is unchanged.
    let mut b = boris.through(&second.client).opens_socket().await;
    let v = vera.opens_socket().await;
    let frames = until_presence(&mut b, &vera).await;
    assert!(frames.iter().all(|frame| frame["data"]["account_id"] != json!(anna.id)), "{frames:?}");
    drop(v);
    anna.post(&format!("/conversations/{conversation}/unblock"), json!({})).await.ok();
    sees(&mut b, &anna, true).await;
    sees(&mut a, &boris, true).await;
}

/// All frames up to and including the first that says this person is online.
async fn until_presence(socket: &mut Socket, who: &Person) -> Vec<Value> {
    let mut frames = Vec::new();
    loop {
        let frame = socket.next().await;
        let last = frame["type"] == "presence" && frame["data"]["account_id"] == json!(who.id);
        frames.push(frame);
        if last {
            return frames;
        }
    }
}

/// Waits until the socket gets this presence; earlier presence may be repeated before.
async fn sees(socket: &mut Socket, who: &Person, online: bool) {
    loop {
        let told = socket.next_of("presence").await;
        if told["data"]["account_id"] == json!(who.id) && told["data"]["online"] == json!(online) {
            return;
        }
    }
}

async fn three(world: &World) -> [Person; 3] {
    let register = || world.student().registers();
    [register().await, register().await, register().await]
}

/// Number of conversation events; other events may be appended meanwhile.
async fn events(world: &World) -> i64 {
    let count = "select count(*) from log.events where aggregate_type = 'Conversation'";
    sqlx::query_scalar(count).fetch_one(&world.pool).await.expect("the log can be read")
}
