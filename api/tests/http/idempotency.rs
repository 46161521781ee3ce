//! A repeated request gets the first answer again.

use serde_json::json;

use crate::world::{World, bearer, person};

#[tokio::test]
async fn a_repeated_mutation_gets_the_first_answer_and_happens_once() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    let headers = [("authorization", anna.as_str()), ("idempotency-key", "k1")];
    let phone = json!({ "phone": "+7 999 123-45-67" });
    let first = world.post("/api/v1/me/phone", &headers, &phone).await;
    world.post("/api/v1/me/phone", &[headers[0]], &json!({ "phone": null })).await.is(200);
    let again = world.post("/api/v1/me/phone", &headers, &phone).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(
        (first.status, &first.body, first.header("etag")),
        (again.status, &again.body, again.header("etag"))
    );
    assert_eq!(first.header("x-log-position"), again.header("x-log-position"));
    let me = world.get("/api/v1/me", &[headers[0]]).await;
    assert!(me.body["phone"].is_null(), "the repeated request changed something");
    let other = world.post("/api/v1/me/phone", &headers, &json!({ "phone": null })).await;
    other.refused(422, "idempotency_key_reused");
    let elsewhere = world.post("/api/v1/me/email", &headers, &phone).await;
    elsewhere.refused(422, "idempotency_key_reused");
}

#[tokio::test]
async fn keys_of_different_people_have_nothing_to_do_with_each_other() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    let boris = bearer(&world.student("boris").await);
    for (who, phone) in [(&anna, "+7 999 123-45-67"), (&boris, "+7 999 765-43-21")] {
        let headers = [("authorization", who.as_str()), ("idempotency-key", "same")];
        let answer = world.post("/api/v1/me/phone", &headers, &json!({ "phone": phone })).await;
        assert_eq!(answer.is(200).header("idempotency-replayed"), "");
    }
}

#[tokio::test]
async fn a_refusal_is_kept_in_code_and_said_in_the_language_of_who_asks_again() {
    let world = World::new().await;
    world.student("anna").await;
    let mut second = person("anna");
    second["nickname"] = json!("other");
    let key = ("idempotency-key", "k1");
    let first = world.post("/api/v1/accounts", &[key, ("accept-language", "ru")], &second).await;
    first.refused(409, "email_taken");
    let again = world.post("/api/v1/accounts", &[key, ("accept-language", "en")], &second).await;
    again.refused(409, "email_taken");
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(
        (&first.body["title"], &again.body["title"]),
        (&json!("Почта занята"), &json!("E-mail is taken"))
    );
}

#[tokio::test]
async fn of_two_at_the_same_time_one_acts_and_both_are_answered_alike() {
    let world = World::new().await;
    let key = [("idempotency-key", "k1")];
    let anna = person("anna");
    let attempts = (0..6).map(|_| world.post("/api/v1/accounts", &key, &anna));
    let answers = futures::future::join_all(attempts).await;
    for answer in &answers {
        assert_eq!(answer.is(201).body["account"]["id"], answers[0].body["account"]["id"]);
    }
    let rows = sqlx::query_scalar!(r#"select count(*) as "count!" from auth.credentials"#);
    assert_eq!(rows.fetch_one(world.pool()).await.unwrap(), 1);
}
