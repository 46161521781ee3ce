//! The two shapes of an answer: `{"success":true,"data":…}` and `{"success":false,"message":…}`.

use axum::Json;
use axum::body::to_bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

/// A call that was carried out, always with status 200.
pub(crate) struct Success<T>(pub T);

/// Reasons of a refused call.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// 400: the body or the query, field by field.
    Invalid(Vec<FieldError>),
    /// 400: the body is not a JSON object at all.
    NotJson(String),
    /// 401.
    WrongKey,
    /// 403: a control path was called from another machine.
    NotLoopback,
    /// 404: names the missing record.
    NotFound(&'static str),
    /// 409.
    EmailTaken,
    /// 413.
    TooLarge,
    /// 415.
    NotJsonType,
}

/// An invalid field of a request, with its error.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub field: String,
    pub message: String,
}

impl<T: Serialize> IntoResponse for Success<T> {
    fn into_response(self) -> Response {
        Json(json!({ "success": true, "data": self.0 })).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::Invalid(errors) => {
                let body = json!({ "success": false, "message": "Validation failed", "errors": errors });
                return (StatusCode::BAD_REQUEST, Json(body)).into_response();
            }
            Self::NotJson(reason) => (StatusCode::BAD_REQUEST, reason),
            Self::WrongKey => (StatusCode::UNAUTHORIZED, "Unauthorized - Invalid API key".to_owned()),
            Self::NotLoopback => (StatusCode::FORBIDDEN, "Control paths answer on loopback only".to_owned()),
            Self::NotFound(what) => (StatusCode::NOT_FOUND, format!("{what} not found")),
            Self::EmailTaken => (StatusCode::CONFLICT, "A user with this e-mail already exists".to_owned()),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "The body is too large".to_owned()),
            Self::NotJsonType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json".to_owned())
            }
        };
        failure(status, &message)
    }
}

/// `{"success":false,"message":…}` under any status.
pub(crate) fn failure(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "success": false, "message": message }))).into_response()
}

/// Gives the framework's own failures (405, a path that is not UTF-8) our shape.
pub(crate) async fn as_json(response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_json(response.headers()) {
        return response;
    }
    let text = to_bytes(response.into_body(), 4096).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let message = if text.is_empty() { status.canonical_reason().unwrap_or("Failed") } else { text.as_ref() };
    failure(status, message)
}

/// Returns whether the content type is JSON (`application/json`, with or without parameters).
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = declared.split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
}
