//! The log of received requests.

use reqwest::Method;
use serde_json::json;

use crate::world::{KEY, World, answer, student};

#[tokio::test]
async fn the_log_tells_what_was_received_and_answered() {
    let crm = World::start().await;
    crm.post_once("/users", "event-1", student("anna@example.org")).await.data();
    crm.get("/users?page=0").await.is_failure(400);
    let text = crm.request(Method::POST, "/users").header("Content-Type", "application/json").body("<p>");
    answer(text).await.is_failure(400);

    let log = crm.log().await;
    assert_eq!(log.len(), 3, "control paths are not logged");
    assert_eq!(log[0]["n"], 1);
    assert_eq!(log[0]["at"], "2026-03-15T12:00:00Z");
    assert_eq!((&log[0]["method"], &log[0]["path"]), (&json!("POST"), &json!("/api/users")));
    assert_eq!(log[0]["headers"]["idempotency-key"], "event-1");
    assert_eq!(log[0]["body"], student("anna@example.org"));
    assert_eq!((&log[0]["status"], &log[0]["fault"]), (&json!(200), &json!(null)));
    assert_eq!((&log[1]["path"], &log[1]["status"]), (&json!("/api/users?page=0"), &json!(400)));
    assert_eq!(log[1]["body"], json!(null));
    assert_eq!(log[2]["body"], "<p>");
}

#[tokio::test]
async fn the_log_never_shows_the_key() {
    let crm = World::start().await;
    crm.get("/users").await.data();
    let log = crm.log().await;
    assert_eq!(log[0]["headers"]["authorization"], "[redacted]");
    assert!(!json!(log).to_string().contains(KEY));
}

#[tokio::test]
async fn the_log_names_the_fault_of_a_call_and_can_be_emptied() {
    let crm = World::start().await;
    crm.faults(json!({ "drop_rate": 1.0 })).await;
    crm.request(Method::GET, "/users").send().await.unwrap_err();
    crm.faults(json!({ "status": 503 })).await;
    crm.get("/users").await.is_failure(503);
    crm.faults(json!({ "duplicate_rate": 1.0 })).await;
    crm.get("/users").await.data();
    crm.post("/users", student("anna@example.org")).await.data();
    let met: Vec<_> = crm.log().await.iter().map(|entry| json!([entry["fault"], entry["status"]])).collect();
    let expected =
        [json!(["cut", null]), json!(["failed", 503]), json!([null, 200]), json!(["doubled", 200])];
    assert_eq!(met, expected);
    assert_eq!(crm.control(Method::DELETE, "/__log", None).await.status, 200);
    assert!(crm.log().await.is_empty());
    crm.get("/users").await.data();
    assert_eq!(crm.log().await[0]["n"], 5);
}
