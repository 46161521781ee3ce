//! Stored answers: what they say about people ends with these people, and they take a bounded space.

use axum::body::Body;
use serde_json::json;

use crate::world::{PASSWORD, World, bearer, request};

/// A text of a student in the answer to another person.
#[tokio::test]
async fn an_answer_to_somebody_else_cannot_be_read_after_an_erasure() {
    let world = World::new().await;
    let student = world.student("zyxname").await;
    let support = world.signed_in_as(domain::Role::Support).await;
    let headers = [("authorization", support.as_str()), ("idempotency-key", "k1")];
    let ticket = json!({
        "requester_id": student["account"]["id"], "title": "Zyxname cannot sign in",
        "description": "Reach me at zyxname@example.org", "category": "Техническая поддержка",
    });
    let first = world.post("/api/v1/crm/tickets", &headers, &ticket).await;
    assert!(first.is(201).text().contains("zyxname@example.org"), "the answer has the text: {first:?}");
    let again = world.post("/api/v1/crm/tickets", &headers, &ticket).await;
    assert_eq!((again.is(201).text(), again.header("idempotency-replayed")), (first.text(), "true"));

    let token = bearer(&student);
    let own = [("authorization", token.as_str()), ("content-type", "application/json")];
    let password = Body::from(json!({ "password": PASSWORD }).to_string());
    world.send(request("DELETE", "/api/v1/me", &own, password)).await.is(204);
    let replayed = world.post("/api/v1/crm/tickets", &headers, &ticket).await;
    assert!(!replayed.text().to_lowercase().contains("zyxname"), "{replayed:?}");
    let rows: Vec<String> =
        sqlx::query_scalar("select i::text || encode(coalesce(body, ''), 'escape') from http.idempotency i")
            .fetch_all(world.pool())
            .await
            .unwrap();
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].to_lowercase().contains("zyxname"), "{rows:?}");
    assert!(!rows[0].contains(&hex::encode("yxname")), "{rows:?}");
}

#[tokio::test]
async fn an_account_has_a_bounded_number_of_keys_in_a_day() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    let phone = json!({ "phone": "+7 999 123-45-67" });
    let first = [("authorization", anna.as_str()), ("idempotency-key", "first")];
    world.post("/api/v1/me/phone", &first, &phone).await.is(200);
    sqlx::query("update http.idempotency_use set keys = 20000").execute(world.pool()).await.unwrap();
    let second = [first[0], ("idempotency-key", "second")];
    world.post("/api/v1/me/phone", &second, &phone).await.refused(429, "too_many_keys");
    world.post("/api/v1/me/phone", &first, &phone).await.is(200);
    world.post("/api/v1/me/phone", &first[..1], &phone).await.is(200);
}
