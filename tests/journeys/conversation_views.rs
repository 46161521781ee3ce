//! Each participant's own view of a conversation: read, archived, cleared, hidden, found, exported.

use serde_json::json;
use tests::{Person, Secrets, World, eventually, found_in, id_of};

use crate::talking::{opens, sends};

async fn listed(person: &Person, position: u64, archived: bool) -> Vec<serde_json::Value> {
    let path = format!("/conversations?archived={archived}");
    person.get_at(position, &path).await.is(200).rows().clone()
}

/// Archiving, clearing, hiding and reading concern one participant only.
/// After clearing, the list shows no last message.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_does_with_a_conversation_the_other_does_not_see() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let path = format!("/conversations/{conversation}");
    sends(&anna, &conversation, "Раз").await;
    let said = sends(&anna, &conversation, "Два").await;
    let before = listed(&anna, said.position(), false).await;
    assert_eq!((&before[0]["unread"], &before[0]["last_message"]["body"]), (&json!(0), &json!("Два")));
    assert_eq!(listed(&boris, said.position(), false).await[0]["unread"], 2);

    let read = boris.post(&format!("{path}/read"), json!({ "up_to": 1 })).await.is(200);
    assert_eq!(read["unread"], 1);
    let read = boris.post(&format!("{path}/read"), json!({ "up_to": 99 })).await.is(200);
    assert_eq!(read["unread"], 0);
    let back = boris.post(&format!("{path}/read"), json!({ "up_to": 1 })).await.is(200);
    assert_eq!(back["unread"], 0);
    // The sender sees how far the other participant has read.
    let seen = anna.get(&path).await.is(200);
    let other =
        seen["participants"].as_array().and_then(|all| all.iter().find(|one| one["id"] == boris.id.as_str()));
    assert_eq!(other.map(|other| &other["read_up_to"]), Some(&json!(2)), "{seen:?}");

    let unchanged = listed(&anna, back.position(), false).await;
    let cleared = boris.post(&format!("{path}/clear"), json!({})).await.is(200);
    assert_eq!((&cleared["last_message"], &cleared["unread"]), (&json!(null), &json!(0)));
    let rows = listed(&boris, cleared.position(), false).await;
    assert_eq!(rows[0]["last_message"], json!(null), "{rows:?}");
    let messages = boris.get(&format!("{path}/messages")).await.is(200);
    assert!(messages.rows().is_empty(), "{messages:?}");
    boris.get(&format!("/messages/{}/history", id_of(&said))).await.refused(404, "message_not_found");

    let archived = boris.post(&format!("{path}/archive"), json!({})).await.is(200);
    assert!(listed(&boris, archived.position(), false).await.is_empty());
    assert_eq!(listed(&boris, archived.position(), true).await.len(), 1);
    let hidden = boris.post(&format!("{path}/hide"), json!({})).await.is(200);
    assert!(listed(&boris, hidden.position(), true).await.is_empty());
    assert_eq!(listed(&anna, hidden.position(), false).await, unchanged, "nothing of it is Anna's");

    let third = sends(&anna, &conversation, "Три").await;
    let rows = listed(&boris, third.position(), true).await;
    assert_eq!((rows.len(), &rows[0]["unread"]), (1, &json!(1)), "{rows:?}");
    boris.post(&format!("{path}/unarchive"), json!({})).await.is(200);
    let messages = boris.get_at(third.position(), &format!("{path}/messages")).await.is(200);
    assert_eq!((messages.rows().len(), &messages["/data/0/sequence"]), (1, &json!(3)));
}

/// People of the same name are different people. The newest conversation comes first, page by page.
#[tokio::test(flavor = "multi_thread")]
async fn namesakes_have_conversations_of_their_own() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    let mut last = 0;
    let mut opened = Vec::new();
    for n in 0..3 {
        let mut namesake = world.teacher();
        namesake.name = "Иван Петров".to_owned();
        let namesake = namesake.registers().await;
        let conversation = opens(&anna, &namesake).await;
        last = sends(&namesake, &conversation, &format!("Я Иван {n}")).await.position();
        opened.push(conversation);
    }
    let revived = sends(&anna, &opened[0], "Снова первый").await.position().max(last);
    let expected = [&opened[0], &opened[2], &opened[1]];
    let first = anna.get_at(revived, "/conversations?limit=2").await.is(200);
    let cursor = first["/page/next_cursor"].as_str().expect("there is more").to_owned();
    let second = anna.get(&format!("/conversations?limit=2&cursor={cursor}")).await.is(200);
    let ids: Vec<_> =
        first.rows().iter().chain(second.rows()).map(|row| row["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, expected);
    assert_eq!(second["/page/has_more"], false);
    for answer in [&first, &second] {
        assert!(answer.text().contains("Иван Петров"), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_found_in_any_form_of_their_words_by_sender_and_by_day() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    sends(&boris, &conversation, "Пришлите домашние задания по тригонометрии").await;
    sends(&anna, &conversation, "The exercises were easier than expected").await;
    let last = sends(&anna, &conversation, "Решила все задачи").await.position();
    let finds = async |person: &Person, q: &str| {
        let found = person.get_at(last, &format!("/messages/search?q={q}")).await.is(200);
        found.rows().iter().map(|row| row["sequence"].as_u64().expect("a number")).collect::<Vec<_>>()
    };
    assert_eq!(finds(&anna, "домашнее задание").await, [1]);
    assert_eq!(finds(&anna, "задача").await, [3]);
    assert_eq!(finds(&anna, "exercise expecting").await, [2]);
    assert_eq!(finds(&anna, "тригоно").await, [1]);
    assert_eq!(finds(&anna, "задание экзамен").await, [0; 0]);
    assert_eq!(finds(&anna, &format!("from:{}", boris.nickname.to_uppercase())).await, [1]);
    assert_eq!(finds(&anna, &format!("from:{} задача", anna.id)).await, [3]);
    assert_eq!(finds(&anna, "from:nobody").await, [0; 0]);
    assert_eq!(finds(&anna, "before:2020-01-01 задача").await, [0; 0]);
    assert_eq!(finds(&anna, "before:2999-01-01").await, [3, 2, 1]);
    anna.get("/messages/search").await.refused(400, "malformed_parameter");
    anna.get("/messages/search?q=before:yesterday").await.refused(400, "malformed_parameter");
    let cleared = boris.post(&format!("/conversations/{conversation}/clear"), json!({})).await.is(200);
    let found = boris.get_at(cleared.position(), "/messages/search?q=before:2999-01-01").await.is(200);
    assert!(found.rows().is_empty(), "{found:?}");
}

/// All messages of an erased person are gone; the others' messages and the conversation stay.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_erased_person_said_is_nowhere_and_the_others_words_stay() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let first = sends(&anna, &conversation, "первые слова о забываемом").await;
    let edited = anna
        .patch(&format!("/messages/{}", id_of(&first)), json!({ "body": "вторые слова о забываемом" }))
        .await;
    let kept = sends(&boris, &conversation, "Это останется").await;
    let report = json!({ "reason": "причина для забвения" });
    anna.post(&format!("/messages/{}/report", id_of(&kept)), report).await.ok();
    let reported =
        boris.post(&format!("/messages/{}/report", id_of(&first)), json!({ "reason": "грубо" })).await.ok();
    let support = world.support(&admin).await;
    let reports = support.get_at(reported.position(), "/crm/reports").await.is(200);
    assert_eq!(
        (&reports["/data/0/body"], &reports["/data/0/reason"]),
        (&json!("вторые слова о забываемом"), &json!("грубо"))
    );
    assert_eq!(reports.rows().len(), 2);
    admin.get("/crm/reports").await.refused(403, "forbidden");
    let needles = Secrets::of_person(&anna)
        .and("a former text", "первые слова о забываемом")
        .and("the text", "вторые слова о забываемом")
        .and("a reason", "причина для забвения");
    assert!(!found_in(&world.pool, &needles).await.is_empty());
    assert!(edited.status == 200, "{edited:?}");
    let erased = anna.erases_themselves().await.ok();
    let path = format!("/conversations/{conversation}");
    let rows = boris.get_at(erased.position(), &format!("{path}/messages")).await.is(200);
    assert_eq!((&rows["/data/0/body"], &rows["/data/1/body"]), (&json!(null), &json!("Это останется")));
    let view = boris.get(&path).await.is(200);
    assert_eq!(view["participants"].as_array().map(Vec::len), Some(2), "{view:?}");
    assert!(needles.found_in(&view.text()).is_empty(), "{view:?}");
    let found = boris.get("/messages/search?q=забываемое").await.is(200);
    assert!(found.rows().is_empty(), "{found:?}");
    eventually("nothing of it is in the database", || async {
        let finds = found_in(&world.pool, &needles).await;
        if finds.is_empty() { Ok(()) } else { Err(finds.join(", ")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_what_one_said_and_what_was_said_to_one() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let third = world.student().registers().await;
    let conversation = opens(&anna, &boris).await;
    sends(&anna, &conversation, "Сказано Анной").await;
    sends(&boris, &conversation, "Сказано Анне").await;
    let elsewhere = opens(&third, &boris).await;
    let last = sends(&boris, &elsewhere, "Сказано не Анне").await;
    let export = anna.get_at(last.position(), "/me/export").await.is(200);
    let texts: Vec<_> = export["/conversations/0/messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|m| m["body"].clone())
        .collect();
    assert_eq!(texts, [json!("Сказано Анной"), json!("Сказано Анне")]);
    assert!(!export.text().contains("Сказано не Анне"), "{export:?}");
}

/// A conversation replayed from the log equals what the API returns.
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_replayed_from_the_log_is_what_is_served() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    let conversation = opens(&anna, &boris).await;
    let first = sends(&anna, &conversation, "Раз").await;
    let one = format!("/messages/{}", id_of(&first));
    anna.patch(&one, json!({ "body": "Два" })).await.is(200);
    boris.post(&format!("{one}/report"), json!({ "reason": "повтор" })).await.ok();
    let second = sends(&boris, &conversation, "Три").await;
    boris.delete(&format!("/messages/{}", id_of(&second))).await.is(200);
    boris.post(&format!("/conversations/{conversation}/archive"), json!({})).await.is(200);
    let stream = format!("Conversation/{conversation}");
    let replayed = world.kafedra(&["replay", "--stream", &stream]).await;
    assert!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stdout));
    eventually("the read models are at the end", || tests::all_have_caught_up(&admin)).await;
    let compared = world.kafedra(&["replay", "--model", "conversations"]).await;
    assert!(compared.status.success(), "{}", String::from_utf8_lossy(&compared.stdout));
    let auditor = world.auditor(&admin).await;
    let events =
        auditor.get(&format!("/audit/events?stream_type=Conversation&stream_id={conversation}")).await;
    let types: Vec<_> = events.is(200).rows().iter().map(|row| row["type"].clone()).collect();
    assert_eq!(types.len(), 7, "{types:?}");
}
