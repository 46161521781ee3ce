//! Conversations that process managers start: after a booking, with a class, with a group lesson.

use serde_json::{Value, json};
use tests::{Person, World, eventually, id_of, in_hours};

use crate::talking::{client_id, sends, sends_as};

/// Waits until the person's list has so many conversations of a kind; returns them.
async fn has(person: &Person, kind: &str, count: usize) -> Vec<Value> {
    eventually("the conversations are there", || async {
        let list = person.get("/conversations").await.is(200);
        let of_kind: Vec<Value> = list.rows().iter().filter(|row| row["kind"] == kind).cloned().collect();
        if of_kind.len() == count { Ok(of_kind) } else { Err(format!("{list:?}")) }
    })
    .await
}

fn ids(conversation: &Value) -> Vec<String> {
    let participants = conversation["participants"].as_array().expect("participants");
    let mut ids: Vec<_> =
        participants.iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect();
    ids.sort();
    ids
}

fn sorted(people: &[&Person]) -> Vec<String> {
    let mut ids: Vec<_> = people.iter().map(|person| person.id.clone()).collect();
    ids.sort();
    ids
}

/// A booking starts the conversation of teacher and student once, however many bookings follow.
#[tokio::test(flavor = "multi_thread")]
async fn who_books_can_talk_with_the_teacher() {
    let world = World::start().await;
    let (anna, teacher) = (world.student().registers().await, world.teacher().registers().await);
    for hours in [48, 72] {
        let slot = teacher.offers(in_hours(hours)).await;
        anna.books(&slot).await.is(201);
    }
    let theirs = has(&teacher, "direct", 1).await;
    assert_eq!(ids(&theirs[0]), sorted(&[&anna, &teacher]));
    let conversation = theirs[0]["id"].as_str().expect("an id");
    let said = sends(&anna, conversation, "До встречи на уроке").await;
    assert_eq!(teacher.get_at(said.position(), "/conversations").await["/data/0/unread"], 1);
    let opened = anna.post("/conversations", json!({ "participant_id": teacher.id })).await.is(200);
    assert_eq!(id_of(&opened), conversation);
    assert_eq!(has(&anna, "lesson", 0).await.len(), 0);
}

/// The members of a class are the participants of its conversation: a student who leaves the class leaves
/// both.
#[tokio::test(flavor = "multi_thread")]
async fn a_class_has_a_conversation_of_its_members() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    for (student, hours) in [(&anna, 72), (&boris, 96)] {
        let slot = teacher.offers(in_hours(hours)).await;
        student.books(&slot).await.is(201);
    }
    let class =
        json!({ "name": "Алгебра", "subject": "algebra", "grade": "9", "colour": "#3366cc", "capacity": 5 });
    let class = teacher.post("/classes", class).await.is(201);
    let class = id_of(&class).to_owned();
    let own = has(&teacher, "class", 1).await;
    assert_eq!((&own[0]["context"]["kind"], &own[0]["context"]["id"]), (&json!("class"), &json!(class)));
    let conversation = own[0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/conversations/{conversation}");
    anna.get(&path).await.refused(404, "conversation_not_found");
    for student in [&anna, &boris] {
        eventually("the student is added", || async {
            let body = json!({ "student_id": student.id });
            let answer = teacher.post(&format!("/classes/{class}/students"), body).await;
            if answer.status == 200 { Ok(()) } else { Err(format!("{answer:?}")) }
        })
        .await;
        has(student, "class", 1).await;
    }
    sends(&boris, &conversation, "Привет, класс").await;
    let seen = anna.get(&path).await.is(200);
    assert_eq!(ids(&seen.body), sorted(&[&teacher, &anna, &boris]));
    // Members see each other's first name only, as in the class itself.
    assert!(!seen.text().contains(&boris.name) && seen.text().contains(&teacher.name), "{seen:?}");
    assert!(teacher.get(&path).await.text().contains(&boris.name));
    teacher.post(&format!("{path}/block"), json!({})).await.refused(409, "not_a_direct_conversation");

    boris.delete(&format!("/classes/{class}/students/{}", boris.id)).await.is(204);
    has(&boris, "class", 0).await;
    boris.get(&format!("{path}/messages")).await.refused(404, "conversation_not_found");
    sends_as(&boris, &conversation, client_id(), "Ещё тут?").await.refused(404, "conversation_not_found");
    let left = anna.get(&path).await.is(200);
    assert_eq!(left["former_participants"].as_array().map(Vec::len), Some(1), "{left:?}");
    teacher.delete(&format!("/classes/{class}")).await.is(204);
    sends(&anna, &conversation, "Класс закрыт, беседа остаётся").await;
}

/// A group lesson has a conversation: a booking adds the student, a cancellation removes them.
#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_for_several_has_a_conversation_of_those_booked() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let slot = teacher.offers_seats(in_hours(48), 3).await;
    let lesson = anna.books(&slot).await.is(201);
    boris.books(&slot).await.is(201);
    let own = has(&anna, "lesson", 1).await;
    has(&boris, "lesson", 1).await;
    assert_eq!((&own[0]["context"]["kind"], &own[0]["context"]["id"]), (&json!("lesson"), &slot["id"]));
    let conversation = own[0]["id"].as_str().expect("an id").to_owned();
    sends(&anna, &conversation, "Кто что решил?").await;
    anna.cancels(&lesson).await.is(200);
    has(&anna, "lesson", 0).await;
    sends_as(&anna, &conversation, client_id(), "Я ушла").await.refused(404, "conversation_not_found");
    let seen = boris.get(&format!("/conversations/{conversation}")).await.is(200);
    assert_eq!(ids(&seen.body), sorted(&[&teacher, &boris]));
    let found = anna.get("/messages/search?q=решить").await.is(200);
    assert!(found.rows().is_empty(), "{found:?}");
    // Participants may still write after the whole lesson was cancelled.
    teacher.cancels(&slot).await.is(200);
    sends(&boris, &conversation, "Жаль").await;
}
