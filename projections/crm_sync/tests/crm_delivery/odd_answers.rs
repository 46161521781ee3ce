//! Invalid answers of the CRM: each is a failed attempt, none is a crash.

use std::convert::Infallible;
use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use crm_sync::{CrmServer, CrmSettings};
use domain::Role;
use fixtures::eventually;
use tokio::net::TcpListener;

use crate::world::{KEY, World, patient};

type Answer = fn() -> Response;

/// A server with one answer for all requests; counts the calls.
async fn serve(answer: Answer) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let router = Router::new().fallback(move || async move {
        counted.fetch_add(1, Ordering::SeqCst);
        answer()
    });
    tokio::spawn(axum::serve(listener, router).into_future());
    (root, calls)
}

fn endless() -> Response {
    let chunks = futures::stream::repeat_with(|| Ok::<_, Infallible>(vec![b' '; 64 * 1024]));
    Body::from_stream(chunks).into_response()
}

fn deep() -> Response {
    format!(r#"{{"success":true,"data":{}}}"#, "[".repeat(10_000)).into_response()
}

#[tokio::test]
async fn an_odd_answer_is_a_failed_attempt_and_never_a_crash() {
    let answers: [(&str, Answer, &str); 8] = [
        ("an endless body", endless, "unreadable"),
        ("JSON of 10,000 levels", deep, "unreadable"),
        ("nothing at all", || StatusCode::NO_CONTENT.into_response(), "unreadable"),
        ("no data", || r#"{"success":true}"#.into_response(), "unreadable"),
        ("another shape", || r#"{"success":true,"data":[1]}"#.into_response(), "unreadable"),
        (
            "an id that is a path",
            || r#"{"success":true,"data":{"id":"a/../b"}}"#.into_response(),
            "unreadable",
        ),
        ("a no with 200", || r#"{"success":false,"message":"no"}"#.into_response(), "refused"),
        ("not UTF-8", || vec![0xff, 0xfe, 0x00].into_response(), "unreadable"),
    ];
    for (what, answer, cause) in answers {
        let (root, _) = serve(answer).await;
        let at = |server: CrmServer| patient(CrmServer { base_url: root, max_body_bytes: 1 << 20, ..server });
        let world = World::start_with(at, KEY).await;
        world.registers(Role::Student, "Анна").await;
        eventually(what, async || {
            let deliveries = world.deliveries().await;
            deliveries.iter().any(|d| d.attempts > 0 && d.last_cause.as_deref() == Some(cause))
        })
        .await;
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays_here() {
    static ELSEWHERE: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let (elsewhere, calls_elsewhere) = serve(|| StatusCode::OK.into_response()).await;
    ELSEWHERE.set(elsewhere).unwrap();
    let (root, _) = serve(|| {
        (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, ELSEWHERE.get().unwrap().clone())]).into_response()
    })
    .await;
    let at = |server: CrmServer| -> CrmSettings { patient(CrmServer { base_url: root, ..server }) };
    let world = World::start_with(at, KEY).await;
    world.registers(Role::Student, "Анна").await;
    eventually("it failed", async || world.deliveries().await.iter().any(|d| d.attempts > 0)).await;
    assert_eq!(calls_elsewhere.load(Ordering::SeqCst), 0);
}
