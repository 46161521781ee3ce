//! A direct conversation and a third person: who sees what, who may write, and how often a message is stored.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{Answer, Person, World, id_of};
use uuid::Uuid;

use crate::talking::{client_id, opens, sends, sends_as};

/// A person who is not a participant sees nothing and changes nothing; neither does an admin.
#[tokio::test(flavor = "multi_thread")]
async fn a_third_person_neither_sees_nor_changes_a_conversation() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let message = sends(&anna, &conversation, "Здравствуйте! Можно вопрос?").await;
    let third = world.student().registers().await;
    let admin = world.admin().await;
    let path = format!("/conversations/{conversation}");
    for outsider in [&third, &admin] {
        for read in ["", "/messages"] {
            let at = format!("{path}{read}");
            outsider.get_at(message.position(), &at).await.refused(404, "conversation_not_found");
        }
        assert!(outsider.get_at(message.position(), "/conversations").await.is(200).rows().is_empty());
        let found = outsider.get_at(message.position(), "/messages/search?q=вопрос").await.is(200);
        assert!(found.rows().is_empty(), "{found:?}");
        for act in ["archive", "unarchive", "clear", "hide", "block", "unblock"] {
            let answer = outsider.post(&format!("{path}/{act}"), json!({})).await;
            answer.refused(404, "conversation_not_found");
        }
        outsider
            .post(&format!("{path}/read"), json!({ "up_to": 1 }))
            .await
            .refused(404, "conversation_not_found");
        let said = sends_as(outsider, &conversation, client_id(), "Я тоже тут").await;
        said.refused(404, "conversation_not_found");
        let one = format!("/messages/{}", id_of(&message));
        outsider.patch(&one, json!({ "body": "иначе" })).await.refused(404, "message_not_found");
        outsider.delete(&one).await.refused(404, "message_not_found");
        outsider.get(&format!("{one}/history")).await.refused(404, "message_not_found");
        let report = outsider.post(&format!("{one}/report"), json!({ "reason": "спам" })).await;
        report.refused(404, "message_not_found");
    }
    let seen = boris.get_at(message.position(), &format!("{path}/messages")).await.is(200);
    assert_eq!(seen.rows().len(), 1);
    assert_eq!(seen["/data/0/body"], "Здравствуйте! Можно вопрос?");
}

/// The session determines the sender; a body with another sender is refused.
#[tokio::test(flavor = "multi_thread")]
async fn the_sender_is_the_session() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let path = format!("/conversations/{conversation}/messages");
    let forged = json!({ "client_id": client_id(), "body": "Урок отменён", "sender_id": boris.id });
    anna.post(&path, forged).await.refused(422, "invalid_fields");
    let said = sends(&anna, &conversation, "Это я").await;
    assert_eq!(said["sender_id"], anna.id.as_str());
    let edit = json!({ "body": "Это не я" });
    let one = format!("/messages/{}", id_of(&said));
    boris.patch(&one, edit).await.refused(403, "not_the_author");
    boris.delete(&one).await.refused(403, "not_the_author");
}

/// Both open it at once: there is one conversation, with the first message in it.
#[tokio::test(flavor = "multi_thread")]
async fn two_people_have_one_conversation_however_often_and_whoever_opens_it() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let open = async |own: &Person, other: &Person| {
        own.post("/conversations", json!({ "participant_id": other.id })).await.ok()
    };
    let stranger = json!({ "participant_id": anna.id });
    boris.post("/conversations", stranger).await.refused(404, "not_found");
    let answers = futures::future::join_all((0..8).map(|_| open(&anna, &boris))).await;
    let ids: BTreeSet<&str> = answers.iter().map(id_of).collect();
    assert_eq!(ids.len(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
    let conversation = id_of(&answers[0]).to_owned();
    let first = sends(&anna, &conversation, "Первое сообщение").await;
    let list = boris.get_at(first.position(), "/conversations").await.is(200);
    assert_eq!(list.rows().len(), 1, "{list:?}");
    assert_eq!(list["/data/0/id"], conversation.as_str());
    assert_eq!(list["/data/0/last_message/body"], "Первое сообщение");
    assert_eq!((&list["/data/0/unread"], &list["/data/0/head_sequence"]), (&json!(1), &json!(1)));
    open(&boris, &anna).await.is(200);
    anna.post("/conversations", json!({ "participant_id": anna.id })).await.refused(422, "bad_participants");
    let nobody = json!({ "participant_id": client_id() });
    anna.post("/conversations", nobody).await.refused(404, "not_found");
    boris.erases_themselves().await.ok();
    let gone = anna.post("/conversations", json!({ "participant_id": boris.id })).await;
    gone.refused(404, "not_found");
}

/// A message that is sent twice is stored once, also through two processes at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_said_once_however_often_it_is_sent() {
    let world = World::start().await;
    let second = world.another_app().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let there = anna.through(&second.client);
    let id = client_id();
    let answers = futures::future::join_all((0..10).map(|n| {
        let sender = if n % 2 == 0 { anna.clone() } else { there.clone() };
        let conversation = conversation.clone();
        async move { sends_as(&sender, &conversation, id, "Один раз").await.ok() }
    }))
    .await;
    let ids: BTreeSet<&str> = answers.iter().map(id_of).collect();
    assert_eq!(ids.len(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
    let again = sends_as(&anna, &conversation, id, "Другой текст").await.is(200);
    assert_eq!((&again["body"], &again["sequence"]), (&json!("Один раз"), &json!(1)));
    let rows = boris.get_at(again.position(), &format!("/conversations/{conversation}/messages")).await;
    assert_eq!(rows.is(200).rows().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_are_numbered_without_a_hole() {
    let world = World::start().await;
    let second = world.another_app().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let said = futures::future::join_all((0..50).map(|n| {
        let sender = if n % 2 == 0 { anna.clone() } else { boris.through(&second.client) };
        let conversation = conversation.clone();
        async move { sends(&sender, &conversation, &format!("Сообщение {n}")).await }
    }))
    .await;
    let numbers: BTreeSet<u64> =
        said.iter().map(|answer| answer["sequence"].as_u64().expect("a number")).collect();
    assert_eq!(numbers, (1..=50).collect());
    let newest = said.iter().map(Answer::position).max().expect("fifty");
    let path = format!("/conversations/{conversation}/messages");
    let mut read = Vec::new();
    let mut next = format!("{path}?limit=20");
    loop {
        let page = anna.get_at(newest, &next).await.is(200);
        let numbers: Vec<u64> = page.rows().iter().filter_map(|row| row["sequence"].as_u64()).collect();
        assert!(numbers.is_sorted(), "{page:?}");
        read.splice(0..0, numbers);
        let Some(cursor) = page["/page/next_cursor"].as_str() else { break };
        next = format!("{path}?limit=20&cursor={cursor}");
    }
    assert_eq!(read, (1..=50).collect::<Vec<u64>>());
    let window = anna.get(&format!("{path}?after=10&before=14")).await.is(200);
    let numbers: Vec<_> = window.rows().iter().map(|row| row["sequence"].clone()).collect();
    assert_eq!(numbers, [json!(11), json!(12), json!(13)]);
    let earlier = anna.get(&format!("{path}?before=14&limit=2")).await.is(200);
    assert_eq!((&earlier["/data/0/sequence"], &earlier["/data/1/sequence"]), (&json!(12), &json!(13)));
    let later = anna.get(&format!("{path}?after=10&limit=2")).await.is(200);
    assert_eq!((&later["/data/0/sequence"], &later["/data/1/sequence"]), (&json!(11), &json!(12)));
    assert_eq!(later["/page/has_more"], true);
}

/// An edited message is marked and keeps its history; a deleted message leaves an empty entry.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_edited_in_the_open_and_deleted_for_all() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let first = sends(&anna, &conversation, "В четыре").await;
    let one = format!("/messages/{}", id_of(&first));
    let edited = anna.patch(&one, json!({ "body": "В пять" })).await.is(200);
    assert_eq!((&edited["body"], edited["edited_at"].is_string()), (&json!("В пять"), true));
    let history = boris.get_at(edited.position(), &format!("{one}/history")).await.is(200);
    let texts: Vec<_> = history.rows().iter().map(|row| row["body"].clone()).collect();
    assert_eq!(texts, [json!("В четыре"), json!("В пять")]);
    let second = sends(&anna, &conversation, "Лишнее").await;
    let other = format!("/messages/{}", id_of(&second));
    let deleted = anna.delete(&other).await.is(200);
    assert_eq!((&deleted["deleted"], &deleted["body"]), (&json!(true), &Value::Null));
    anna.patch(&other, json!({ "body": "Снова" })).await.refused(409, "message_deleted");
    let path = format!("/conversations/{conversation}/messages");
    let rows = boris.get_at(deleted.position(), &path).await.is(200);
    assert_eq!((&rows["/data/0/body"], &rows["/data/1/deleted"]), (&json!("В пять"), &json!(true)));
    assert!(!rows.text().contains("Лишнее"), "{rows:?}");
    let list = boris.get("/conversations").await.is(200);
    assert_eq!(list["/data/0/last_message/body"], "В пять", "{list:?}");
    let empty = boris.get(&format!("{other}/history")).await.is(200);
    assert!(empty.rows().is_empty(), "{empty:?}");
    let replayed = sends_as(&anna, &conversation, client_of(&first), "Снова").await.is(200);
    assert_eq!(replayed["body"], "В пять");
}

fn client_of(message: &Answer) -> Uuid {
    message["client_id"].as_str().and_then(|id| id.parse().ok()).expect("a client id")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_or_blocked_says_nothing() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let said = sends(&anna, &conversation, "Привет").await;
    let path = format!("/conversations/{conversation}");
    let blocked = boris.post(&format!("{path}/block"), json!({})).await.is(200);
    assert_eq!(blocked["blocked"], true, "{blocked:?}");
    sends_as(&anna, &conversation, client_id(), "Ещё").await.refused(403, "blocked");
    let edit = anna.patch(&format!("/messages/{}", id_of(&said)), json!({ "body": "Ещё" })).await;
    edit.refused(403, "blocked");
    assert_eq!(anna.get(&path).await.is(200)["blocked"], false);
    boris.post(&format!("{path}/unblock"), json!({})).await.is(200);
    sends(&anna, &conversation, "Ещё").await;
    let reason = json!({ "reason": "грубость" });
    admin.post(&format!("/crm/users/{}/suspend", anna.id), reason).await.ok();
    let refused = sends_as(&anna, &conversation, client_id(), "И ещё").await.is_problem();
    assert!(matches!(refused.status, 401 | 403), "{refused:?}");
    let there = world.another_app().await;
    let refused = sends_as(&anna.through(&there.client), &conversation, client_id(), "И ещё").await;
    assert!(matches!(refused.is_problem().status, 401 | 403));
}
