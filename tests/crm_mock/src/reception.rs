//! Steps before every handler: the log, the faults, the key.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::Method;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::{FieldError, Refusal, as_json};
use crate::connection::{ConnectionHandle, aborted_response};
use crate::crm::Crm;
use crate::parts::unknown_path;

const MAX_BODY_BYTES: usize = 1024 * 1024;

/// The `Idempotency-Key` of a creation, if it has one.
pub(crate) struct IdempotencyKey(pub Option<String>);

/// Passes control paths on; logs every other call, applies its fate and answers it.
pub(crate) async fn receive(State(crm): State<Crm>, request: Request, next: Next) -> Response {
    let connection = request
        .extensions()
        .get::<ConnectInfo<ConnectionHandle>>()
        .map(|ConnectInfo(connection)| connection.clone());
    if is_control(request.uri().path()) {
        let is_near = connection.is_none_or(|connection| connection.is_loopback());
        return if is_near {
            as_json(next.run(request).await).await
        } else {
            Refusal::NotLoopback.into_response()
        };
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY_BYTES).await;
    let (n, fate, faults) = {
        let now = crm.now();
        let mut inside = crm.lock();
        let mut fate = inside.draw_faults();
        fate.is_doubled &= parts.method == Method::POST;
        (
            inside.log.receive(now, &parts, body.as_deref().unwrap_or_default(), fate),
            fate,
            inside.faults.clone(),
        )
    };
    tracing::info!(n, method = %parts.method, path = parts.uri.path(), ?fate, "received");

    let answer = if fate.is_failed {
        faults.failure()
    } else if !crm.serves(&parts.method, parts.uri.path()) {
        unknown_path()
    } else if let Err(refusal) = check_key(&crm, &parts) {
        refusal.into_response()
    } else if let Ok(body) = body {
        parts.extensions.insert(fate);
        as_json(next.run(Request::from_parts(parts, Body::from(body))).await).await
    } else {
        Refusal::TooLarge.into_response()
    };
    tokio::time::sleep(Duration::from_millis(faults.latency_ms)).await;

    if fate.is_cut && !fate.is_failed {
        let Some(connection) = connection else { return aborted_response() };
        connection.cut();
        return answer;
    }
    crm.lock().log.answer(n, answer.status().as_u16());
    answer
}

/// `/__…`, at the root or under the base path.
fn is_control(path: &str) -> bool {
    path.strip_prefix("/api").unwrap_or(path).starts_with("/__")
}

/// Requires the key, except for the health path and paths outside the API.
fn check_key(crm: &Crm, parts: &Parts) -> Result<(), Refusal> {
    let path = parts.uri.path();
    if path == "/api/health" || !path.starts_with("/api/") {
        return Ok(());
    }
    let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    match given.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(key) if crm.is_key(key) => Ok(()),
        Some(_) | None => Err(Refusal::WrongKey),
    }
}

impl IdempotencyKey {
    pub fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(key) if (1..=255).contains(&key.len()) => Ok(Self(Some(key.to_owned()))),
            Ok(_) | Err(_) => Err(Refusal::Invalid(vec![FieldError {
                field: "Idempotency-Key".to_owned(),
                message: "must have 1 to 255 visible ASCII characters".to_owned(),
            }])),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use tower::ServiceExt;

    use super::*;

    async fn reset_from(peer: &str) -> StatusCode {
        let mut request = Request::post("/__reset").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(ConnectionHandle::from_peer(peer.parse().unwrap())));
        crate::router("key".to_owned()).oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn control_paths_answer_only_callers_on_this_machine() {
        for peer in ["127.0.0.1:5000", "[::1]:5000", "[::ffff:127.0.0.1]:5000"] {
            assert_eq!(reset_from(peer).await, StatusCode::OK, "{peer}");
        }
        for peer in ["192.0.2.1:5000", "[2001:db8::1]:5000", "[::ffff:192.0.2.1]:5000"] {
            assert_eq!(reset_from(peer).await, StatusCode::FORBIDDEN, "{peer}");
        }
    }
    #[tokio::test]
    async fn without_a_connection_to_cut_the_answer_breaks_off() {
        let crm = crate::router("key".to_owned());
        let faults = Request::post("/__faults").header("content-type", "application/json");
        let faults = faults.body(Body::from(r#"{"drop_rate":1}"#)).unwrap();
        assert_eq!(crm.clone().oneshot(faults).await.unwrap().status(), StatusCode::OK);
        let health = Request::get("/api/health").body(Body::empty()).unwrap();
        let answer = crm.oneshot(health).await.unwrap();
        assert!(to_bytes(answer.into_body(), MAX_BODY_BYTES).await.is_err());
    }
}
