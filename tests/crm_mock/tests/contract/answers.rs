//! The shape of every answer, the key, and the health.

use crm_mock::{Part, Settings};
use reqwest::Method;
use serde_json::json;

use crate::world::{KEY, World, answer, client, noon, read, student};

#[tokio::test]
async fn health_needs_no_key() {
    let crm = World::start().await;
    crm.post("/users", student("anna@example.org")).await.data();
    let health = answer(crm.http.get(format!("{}/api/health", crm.root))).await;
    assert_eq!(health.status, 200);
    let expected = json!({
        "success": true, "message": "CRM API is running", "timestamp": "2026-03-15T12:00:00Z", "users": 1, "tickets": 0,
    });
    assert_eq!(health.body, expected);
}

#[tokio::test]
async fn everything_else_needs_the_key() {
    let crm = World::start().await;
    let users = format!("{}/api/users", crm.root);
    for request in [
        crm.http.get(&users),
        crm.http.get(&users).bearer_auth("wrong"),
        crm.http.get(&users).basic_auth("user", Some(KEY)),
        crm.http.post(&users).json(&student("anna@example.org")),
        crm.http.get(format!("{}/api/tickets/stats", crm.root)),
        crm.http.get(format!("{}/api/none", crm.root)),
    ] {
        let refused = answer(request).await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.body, json!({ "success": false, "message": "Unauthorized - Invalid API key" }));
    }
    assert_eq!(crm.total("/users").await, 0);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_json() {
    let crm = World::start().await;
    crm.get("/none").await.is_failure(404);
    answer(crm.http.get(format!("{}/", crm.root))).await.is_failure(404);
    let refused = crm.request(Method::PATCH, "/users").send().await.unwrap();
    let allowed = refused.headers()["allow"].to_str().unwrap().to_owned();
    assert!(allowed.contains("GET") && allowed.contains("POST"), "{allowed}");
    read(refused).await.is_failure(405);
    crm.control(Method::PUT, "/__faults", None).await.is_failure(405);
    crm.control(Method::GET, "/__none", None).await.is_failure(404);
    crm.get("/users/%FF").await.is_failure(400);
}

#[tokio::test]
async fn a_body_that_is_not_a_json_object_is_refused_in_json() {
    let crm = World::start().await;
    let deep = "[".repeat(10_000);
    for body in ["", "{", "<html>", "[]", "null", "7", "{\"name\": 1e999}", "{\"name\": \"\\ud800\"}", &deep]
    {
        let request = crm.request(Method::POST, "/users").header("Content-Type", "application/json");
        answer(request.body(body.to_owned())).await.is_failure(400);
    }
    answer(crm.request(Method::POST, "/users").body("{}")).await.is_failure(415);
    let large = json!({ "name": "а".repeat(1_000_000) });
    crm.post("/users", large).await.is_failure(413);
    crm.post_once("/users", &"k".repeat(256), student("anna@example.org")).await.is_failure(400);
}

#[tokio::test]
async fn a_reset_empties_the_crm() {
    let crm = World::start().await;
    crm.post_once("/users", "event-1", student("anna@example.org")).await.data();
    crm.faults(json!({ "status": 503 })).await;
    assert_eq!(crm.control(Method::POST, "/__reset", None).await.status, 200);
    assert!(crm.log().await.is_empty());
    assert_eq!(crm.total("/users").await, 0);
    crm.post_once("/users", "event-1", student("anna@example.org")).await.data();
}

#[tokio::test]
async fn a_server_ends_when_it_is_told_to() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let health = format!("http://{}/api/health", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(crm_mock::serve(listener, KEY.to_owned(), async move {
        let _ = stopped.await;
    }));
    let http = client();
    assert_eq!(answer(http.get(&health)).await.status, 200);
    drop(stop);
    server.await.unwrap().unwrap();
    assert!(http.get(&health).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn an_older_crm_answers_other_paths_with_a_page() {
    let only = vec![Part::Users, Part::Stats];
    let crm = World::start_with(Settings { key: KEY.to_owned(), seed: 7, now: noon, only }).await;
    let created = crm.post("/users", student("anna@example.org")).await;
    let user = created.data();
    assert_eq!(crm.total("/users").await, 1);
    assert_eq!(crm.get("/tickets/stats").await.data()["total"], 0);
    let of_user = format!("/users/{}", user["id"].as_str().expect("an id"));
    for (method, path) in [
        (Method::GET, of_user.as_str()),
        (Method::PUT, of_user.as_str()),
        (Method::DELETE, of_user.as_str()),
        (Method::GET, "/tickets"),
        (Method::POST, "/tickets"),
    ] {
        let refused = crm.request(method.clone(), path).send().await.expect("an answer");
        assert_eq!(refused.status(), 404, "{method} {path}");
        assert_eq!(refused.headers()["content-type"], "text/html; charset=utf-8", "{method} {path}");
    }
    assert_eq!(crm.total("/users").await, 1);
}
