//! Faults on demand, as a caller meets them.

use std::time::{Duration, Instant};

use crm_mock::Settings;
use reqwest::Method;
use serde_json::json;

use crate::world::{KEY, World, noon, student, welcome_ticket};

#[tokio::test]
async fn a_failing_call_is_answered_with_the_status_and_not_carried_out() {
    let crm = World::start().await;
    crm.faults(json!({ "fail_rate": 1.0 })).await;
    crm.post("/users", student("anna@example.org")).await.is_failure(500);
    crm.faults(json!({ "fail_rate": 1, "status": 410 })).await;
    crm.post("/users", student("anna@example.org")).await.is_failure(410);
    crm.get("/health").await.is_failure(410);
    crm.no_faults().await;
    assert_eq!(crm.total("/users").await, 0);
}

#[tokio::test]
async fn a_busy_crm_says_when_to_come_back() {
    let crm = World::start().await;
    crm.faults(json!({ "status": 429, "retry_after_seconds": 2 })).await;
    let busy = crm.request(Method::GET, "/users").send().await.unwrap();
    assert_eq!((busy.status().as_u16(), &busy.headers()["retry-after"]), (429, &"2".parse().unwrap()));
}

/// A client must survive such an answer.
#[tokio::test]
async fn a_proxys_page_is_html_under_any_status() {
    let crm = World::start().await;
    for (faults, status) in [
        (json!({ "html": true }), 502),
        (json!({ "html": true, "status": 503 }), 503),
        (json!({ "html": true, "status": 200 }), 200),
    ] {
        crm.faults(faults).await;
        let page =
            crm.request(Method::POST, "/users").json(&student("anna@example.org")).send().await.unwrap();
        assert_eq!(page.status().as_u16(), status);
        assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    }
    crm.no_faults().await;
    assert_eq!(crm.total("/users").await, 0);
}

#[tokio::test]
async fn a_cut_connection_gives_the_caller_nothing_yet_the_record_exists() {
    let crm = World::start().await;
    crm.faults(json!({ "drop_rate": 1.0 })).await;
    let request = crm.request(Method::POST, "/users").header("Idempotency-Key", "event-1");
    let error = request.json(&student("anna@example.org")).send().await.unwrap_err();
    assert!(error.is_request() && error.status().is_none() && !error.is_timeout(), "{error:?}");
    crm.no_faults().await;
    let found = crm.get("/users?search=anna@example.org").await;
    assert_eq!(found.data()["total"], 1);
    let again = crm.post_once("/users", "event-1", student("anna@example.org")).await;
    assert_eq!(again.data(), &found.data()["data"][0], "the retry meets the same record");
}

#[tokio::test]
async fn not_one_byte_of_an_answer_crosses_a_cut_connection() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let crm = World::start().await;
    crm.faults(json!({ "drop_rate": 1.0 })).await;
    let mut socket = tokio::net::TcpStream::connect(crm.root.trim_start_matches("http://")).await.unwrap();
    let request = format!("GET /api/users HTTP/1.1\r\nHost: crm\r\nAuthorization: Bearer {KEY}\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut received)).await.unwrap();
    assert!(received.is_empty(), "{}", String::from_utf8_lossy(&received));
}

#[tokio::test]
async fn a_doubled_record_has_another_id_and_can_be_healed() {
    let crm = World::start().await;
    crm.faults(json!({ "duplicate_rate": 1.0 })).await;
    let user = crm.post("/users", student("anna@example.org")).await.id();
    crm.post("/tickets", welcome_ticket(&user)).await.data();
    crm.no_faults().await;
    assert_eq!((crm.total("/users").await, crm.total("/tickets").await), (2, 2));
    assert_eq!(crm.get("/users/stats").await.data()["total"], 2);
    let both = crm.get("/users?search=anna@example.org").await;
    let copy = both.data()["data"][1]["id"].as_str().unwrap().to_owned();
    assert_ne!(user, copy);
    crm.put(&format!("/users/{user}"), json!({ "name": "Анна", "email": "anna@example.org" })).await.data();
    crm.delete(&format!("/users/{copy}")).await.data();
    assert_eq!(crm.total("/users").await, 1);
    crm.post("/users", student("anna@example.org")).await.is_failure(409);
}

#[tokio::test]
async fn a_slow_crm_answers_late_and_has_done_the_work_when_the_caller_leaves() {
    let crm = World::start().await;
    crm.faults(json!({ "latency_ms": 300 })).await;
    let started = Instant::now();
    crm.get("/users").await.data();
    assert!(started.elapsed() >= Duration::from_millis(300));
    crm.faults(json!({ "latency_ms": 60_000 })).await;
    let hurried = crm.request(Method::POST, "/users").json(&student("anna@example.org"));
    assert!(hurried.timeout(Duration::from_millis(500)).send().await.unwrap_err().is_timeout());
    crm.no_faults().await;
    assert_eq!(crm.total("/users").await, 1);
}

#[tokio::test]
async fn the_same_seed_meets_the_same_faults() {
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let crm =
            World::start_with(Settings { key: KEY.to_owned(), seed, now: noon, only: Vec::new() }).await;
        crm.faults(json!({ "fail_rate": 0.5 })).await;
        let mut statuses = Vec::new();
        for _ in 0..64 {
            statuses.push(crm.get("/users").await.status);
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let failed = runs[0].iter().filter(|status| **status == 500).count();
    assert!((16..=48).contains(&failed), "half of 64, about: {failed}");
}

#[tokio::test]
async fn control_paths_answer_whatever_the_faults_and_under_the_base_path_too() {
    let crm = World::start().await;
    crm.faults(json!({ "fail_rate": 1.0, "drop_rate": 1.0, "latency_ms": 60_000 })).await;
    let shown = crm.control(Method::GET, "/api/__faults", None).await;
    assert_eq!(shown.data()["fail_rate"], 1.0);
    assert_eq!(crm.control(Method::DELETE, "/api/__faults", None).await.status, 200);
    crm.get("/users").await.data();
}

#[tokio::test]
async fn faults_that_make_no_sense_are_refused() {
    let crm = World::start().await;
    for (faults, field) in [
        (json!({ "fail_rate": 1.1 }), "fail_rate"),
        (json!({ "drop_rate": -0.1 }), "drop_rate"),
        (json!({ "duplicate_rate": 2 }), "duplicate_rate"),
        (json!({ "status": 204 }), "status"),
        (json!({ "status": 99 }), "status"),
        (json!({ "latency_ms": 600_001 }), "latency_ms"),
    ] {
        let refused = crm.control(Method::POST, "/__faults", Some(faults)).await;
        assert_eq!(refused.wrong_fields(), [field]);
    }
    crm.control(Method::POST, "/__faults", Some(json!({ "slow": true }))).await.is_failure(400);
    crm.get("/users").await.data();
}
