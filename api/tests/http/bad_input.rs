//! Invalid requests: the HTTP layer answers each with a typed problem.

use api::http::freshness::MinPosition;
use axum::body::Body;
use axum::extract::FromRequestParts;
use serde_json::json;

use crate::world::{World, person, request};

const ACCOUNTS: &str = "/api/v1/accounts";
const JSON: (&str, &str) = ("content-type", "application/json");

async fn raw(world: &World, headers: &[(&str, &str)], body: impl Into<Body>) -> crate::world::Answer {
    world.send(request("POST", ACCOUNTS, headers, body.into())).await
}

#[tokio::test]
async fn errors_are_problems_everywhere() {
    let world = World::new().await;
    world.get("/nowhere", &[]).await.refused(404, "not_found");
    world.get("/api/v1/nowhere", &[]).await.refused(404, "not_found");
    let answer = world.call("PATCH", ACCOUNTS, &[], &json!({})).await;
    answer.refused(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "POST");
    world.get("/api/v1/dictionaries?colour=red", &[]).await.refused(400, "unknown_parameter");
    raw(&world, &[JSON], "{").await.refused(400, "malformed_json");
    raw(&world, &[], "{}").await.refused(415, "unsupported_media_type");
    raw(&world, &[("content-type", "text/html")], "{}").await.refused(415, "unsupported_media_type");
    raw(&world, &[JSON], " ".repeat(300_000)).await.refused(413, "body_too_large");
    raw(&world, &[JSON, ("idempotency-key", "k")], " ".repeat(300_000)).await.refused(413, "body_too_large");
    raw(&world, &[JSON, ("if-match", "nonsense")], person("a").to_string())
        .await
        .refused(400, "malformed_header");
}

/// An answer before the end of the request announces the end of the connection; otherwise the next request is
/// lost.
#[tokio::test]
async fn an_answer_to_half_a_request_ends_the_connection_and_says_so() {
    let world = World::new().await;
    let closed = |answer: &crate::world::Answer| answer.headers.get("connection").is_some();
    // Arrives piece by piece, as from a socket.
    let large = || {
        let pieces = (0..60).map(|_| Ok::<_, std::io::Error>(" ".repeat(10_000)));
        Body::from_stream(futures::stream::iter(pieces))
    };
    assert!(closed(raw(&world, &[JSON], large()).await.refused(413, "body_too_large")));
    let text = [("content-type", "text/plain")];
    assert!(closed(raw(&world, &text, large()).await.refused(415, "unsupported_media_type")));
    assert!(
        closed(raw(&world, &[], large()).await.refused(413, "body_too_large")),
        "no type: it could be empty"
    );
    let stranger = world.send(request("POST", "/api/v1/slots", &[JSON], large())).await;
    assert!(closed(stranger.refused(401, "unauthenticated")));
    assert!(!closed(raw(&world, &[], "{}").await.refused(415, "unsupported_media_type")), "it is short");
    assert!(!closed(raw(&world, &[JSON], "{").await.refused(400, "malformed_json")));
    assert!(!closed(&world.get("/api/v1/dictionaries", &[]).await));
}

#[tokio::test]
async fn bad_bodies_never_reach_a_5xx() {
    let world = World::new().await;
    let deep = "[".repeat(10_000);
    let nested = format!("{}1{}", r#"{"name":"#.repeat(10_000), "}".repeat(10_000));
    let zero = person("a").to_string().replace("tuman", "tu\\u0000man");
    let surrogate = person("a").to_string().replace("tuman", "tu\\ud800man");
    let huge = r#"{"email":1e400}"#.to_owned();
    let long = json!({ "email": "x".repeat(200_000) }).to_string();
    let bodies = [
        deep,
        nested,
        zero,
        surrogate,
        huge,
        long,
        "null".into(),
        "[]".into(),
        "1".into(),
        "\"\"".into(),
        String::new(),
    ];
    for body in bodies {
        let shown: String = body.chars().take(40).collect();
        let answer = raw(&world, &[JSON], body).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{shown}: {answer:?}");
        assert!(answer.body["code"].is_string(), "{shown}");
    }
    let unknown = world.post(ACCOUNTS, &[], &json!({ "rating": 5 })).await;
    unknown.refused(422, "invalid_fields");
    assert_eq!(unknown.body["errors"][0]["pointer"], "/rating");
    assert_eq!(unknown.body["errors"][0]["code"], "unknown_field");
    world.student("still-here").await;
}

#[tokio::test]
async fn requests_are_traced_and_answers_are_armoured() {
    let world = World::new().await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let answer = world.get("/nowhere", &[("traceparent", trace), ("x-request-id", "order-17")]).await;
    assert_eq!(answer.body["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(answer.header("traceparent"), trace);
    assert_eq!(answer.header("x-request-id"), "order-17");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("content-security-policy").contains("default-src 'self'"));
    assert!(answer.header("ratelimit").starts_with("\"address\";r="));
}

#[tokio::test]
async fn too_many_requests_from_one_address_are_refused_with_a_pause() {
    let world = World::with(|settings| settings.limits.address_burst = 3).await;
    for _ in 0..3 {
        world.get("/api/v1/dictionaries", &[]).await.is(200);
    }
    let answer = world.get("/api/v1/dictionaries", &[]).await;
    answer.refused(429, "too_many_requests");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn an_absent_database_is_a_503_with_a_pause() {
    let world = World::new().await;
    world.get("/health/ready", &[]).await.is(200);
    world.app.pool.close().await;
    let answer = world.get("/health/ready", &[]).await;
    answer.refused(503, "not_ready");
    assert_eq!(answer.body["reasons"][0]["code"], "postgres");
    let answer = world.post(ACCOUNTS, &[], &person("anna")).await;
    answer.refused(503, "unavailable");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    world.get("/health/live", &[]).await.is(200);
}

#[tokio::test]
async fn only_listed_origins_may_call_with_credentials() {
    let world = World::with(|settings| settings.allowed_origins.push("https://school.example".into())).await;
    let preflight = |origin: &'static str| {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        let world = &world;
        async move { world.send(request("OPTIONS", ACCOUNTS, &headers, Body::empty())).await }
    };
    let allowed = preflight("https://school.example").await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://school.example");
    assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    for foreign in
        ["https://school.example.evil.net", "https://evilschool.example", "http://school.example", "null"]
    {
        assert_eq!(preflight(foreign).await.header("access-control-allow-origin"), "", "{foreign}");
    }
}

#[tokio::test]
async fn the_document_and_its_page_come_from_here() {
    let world = World::new().await;
    let document = world.get("/api/openapi.json", &[]).await;
    document.is(200);
    assert!(document.body["paths"][ACCOUNTS]["post"].is_object());
    for file in ["", "swagger-initializer.js", "index.css"] {
        let page = world.get(&format!("/api/docs/{file}"), &[]).await;
        page.is(200);
        let text = String::from_utf8(page.bytes).unwrap();
        let foreign: Vec<_> = text.split(['"', '\'']).filter(|text| text.contains("://")).collect();
        assert!(foreign.is_empty(), "{file} loads {foreign:?}");
    }
    let settings = world.get("/api/docs/swagger-initializer.js", &[]).await;
    let settings = String::from_utf8(settings.bytes).unwrap();
    assert!(
        settings.contains("/api/openapi.json") && settings.contains("\"validatorUrl\": \"none\""),
        "{settings}"
    );
}

#[tokio::test]
async fn a_read_model_that_is_behind_is_said_so_after_a_wait() {
    let world = World::new().await;
    let fresh = |value: &'static str| async move {
        let (mut parts, ()) =
            axum::http::Request::builder().header("min-log-position", value).body(()).unwrap().into_parts();
        MinPosition::from_request_parts(&mut parts, &()).await
    };
    assert!(fresh("7").await.unwrap().wait_for(&world.app, &["here"]).await.is_ok());
    let behind = fresh("7").await.unwrap().wait_for(&world.app, &["here", "missing"]).await.unwrap_err();
    assert_eq!((behind.code, behind.status.as_u16()), ("projection_behind", 503));
    for odd in ["-1", "x", "99999999999999999999", ""] {
        assert_eq!(fresh(odd).await.unwrap_err().code, "malformed_header", "{odd}");
    }
}

#[tokio::test]
async fn a_query_has_a_bounded_number_of_parameters() {
    let world = World::new().await;
    let many: Vec<String> = (0..51).map(|index| format!("p{index}=")).collect();
    let answer = world.get(&format!("/api/v1/teachers?{}", many.join("&")), &[]).await;
    answer.refused(400, "too_many_parameters");
}
