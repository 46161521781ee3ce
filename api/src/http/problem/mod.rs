//! Error responses (RFC 9457). Only this module selects a status.

mod fields;
mod from;
mod render;
mod texts;

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Reason;
use serde::{Deserialize, Serialize};

pub use fields::FieldErrors;
pub(super) use render::render;
pub use render::{FieldError, ProblemBody};
pub(super) use texts::{documented_codes, is_problem_code};

/// An error response without texts. [`render()`] writes the texts, because they need the language and the
/// trace id of the request.
#[derive(Clone, Debug)]
pub struct Problem {
    pub code: &'static str,
    pub status: StatusCode,
    /// Invalid fields, each with its JSON pointer.
    pub errors: Vec<Reason>,
    /// Rules that refused the request, with the state and facts they depend on.
    pub reasons: Vec<Reason>,
    pub retry_after: Option<Duration>,
}

/// Codes of the HTTP layer with their statuses. Refusals of the domain have a kind instead.
const STATUSES: &[(&str, StatusCode)] = &[
    ("malformed_json", StatusCode::BAD_REQUEST),
    ("malformed_parameter", StatusCode::BAD_REQUEST),
    ("malformed_header", StatusCode::BAD_REQUEST),
    ("malformed_request", StatusCode::BAD_REQUEST),
    ("unknown_parameter", StatusCode::BAD_REQUEST),
    ("too_many_parameters", StatusCode::BAD_REQUEST),
    ("unauthenticated", StatusCode::UNAUTHORIZED),
    ("invalid_credentials", StatusCode::UNAUTHORIZED),
    ("forbidden", StatusCode::FORBIDDEN),
    ("account_suspended", StatusCode::FORBIDDEN),
    ("origin_not_allowed", StatusCode::FORBIDDEN),
    ("password_required", StatusCode::FORBIDDEN),
    ("wrong_password", StatusCode::FORBIDDEN),
    ("not_your_student", StatusCode::FORBIDDEN),
    ("own_roles", StatusCode::FORBIDDEN),
    ("not_in_lesson", StatusCode::FORBIDDEN),
    ("not_found", StatusCode::NOT_FOUND),
    ("notification_not_found", StatusCode::NOT_FOUND),
    ("link_not_found", StatusCode::NOT_FOUND),
    ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED),
    ("conflict", StatusCode::CONFLICT),
    ("crm_not_configured", StatusCode::CONFLICT),
    ("waitlist_closed", StatusCode::CONFLICT),
    ("no_video", StatusCode::CONFLICT),
    ("video_closed", StatusCode::CONFLICT),
    ("too_many_uploads", StatusCode::CONFLICT),
    ("stale_version", StatusCode::PRECONDITION_FAILED),
    ("body_too_large", StatusCode::PAYLOAD_TOO_LARGE),
    ("unsupported_media_type", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ("unsupported_file", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ("invalid_fields", StatusCode::UNPROCESSABLE_ENTITY),
    ("idempotency_key_reused", StatusCode::UNPROCESSABLE_ENTITY),
    ("unreadable_image", StatusCode::UNPROCESSABLE_ENTITY),
    ("image_too_large", StatusCode::UNPROCESSABLE_ENTITY),
    ("upgrade_required", StatusCode::UPGRADE_REQUIRED),
    ("if_match_required", StatusCode::PRECONDITION_REQUIRED),
    ("too_many_requests", StatusCode::TOO_MANY_REQUESTS),
    ("too_many_sockets", StatusCode::TOO_MANY_REQUESTS),
    ("too_many_attempts", StatusCode::TOO_MANY_REQUESTS),
    ("too_many_keys", StatusCode::TOO_MANY_REQUESTS),
    ("storage_used_up", StatusCode::TOO_MANY_REQUESTS),
    ("headers_too_large", StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
    ("internal", StatusCode::INTERNAL_SERVER_ERROR),
    ("unavailable", StatusCode::SERVICE_UNAVAILABLE),
    ("busy", StatusCode::SERVICE_UNAVAILABLE),
    ("timeout", StatusCode::SERVICE_UNAVAILABLE),
    ("not_ready", StatusCode::SERVICE_UNAVAILABLE),
    ("crm_unavailable", StatusCode::SERVICE_UNAVAILABLE),
    ("projection_behind", StatusCode::SERVICE_UNAVAILABLE),
    ("video_unavailable", StatusCode::SERVICE_UNAVAILABLE),
];

/// Returns the status of a code of the HTTP layer; `None` for a refusal of the domain.
pub(super) fn status_of(code: &str) -> Option<StatusCode> {
    STATUSES.iter().find(|(known, _)| *known == code).map(|(_, status)| *status)
}

impl Problem {
    /// Builds a problem of the HTTP layer by its code.
    pub fn new(code: &'static str) -> Self {
        let status = status_of(code);
        debug_assert!(status.is_some(), "{code} has no status in problem/mod.rs");
        Self::with_status(code, status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    }

    fn with_status(code: &'static str, status: StatusCode) -> Self {
        Self { code, status, errors: Vec::new(), reasons: Vec::new(), retry_after: None }
    }

    pub fn not_found() -> Self {
        Self::new("not_found")
    }

    /// Builds the problem of one invalid field.
    pub fn field(pointer: &str, code: &str) -> Self {
        Self::new("invalid_fields").with_field_error(Reason::field(pointer, code))
    }

    /// Builds the problem of a defect, and logs it once, without the content of the request.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %ErrorChain(error), "request failed");
        Self::new("internal")
    }

    /// Builds the problem of an unavailable dependency. The client may retry the request.
    pub fn unavailable() -> Self {
        Self::new("unavailable").retry_after(Duration::from_secs(2))
    }

    /// Serializes the problem for storage under an idempotency key.
    pub(super) fn to_stored(&self) -> Vec<u8> {
        let stored =
            StoredProblem { problem: self.code, errors: self.errors.clone(), reasons: self.reasons.clone() };
        serde_json::to_vec(&stored).expect("texts always serialise")
    }

    /// Reads [`Problem::to_stored`]. Returns `None` if the body is no problem.
    pub(super) fn from_stored(status: StatusCode, bytes: &[u8]) -> Option<Self> {
        if status.is_success() {
            return None;
        }
        let stored: StoredProblem<'_> = serde_json::from_slice(bytes).ok()?;
        let code = texts::known_code(stored.problem);
        Some(Self { errors: stored.errors, reasons: stored.reasons, ..Self::with_status(code, status) })
    }

    #[must_use]
    pub fn with_field_error(mut self, error: Reason) -> Self {
        self.errors.push(error);
        self
    }

    #[must_use]
    pub fn with_reason(mut self, reason: Reason) -> Self {
        self.reasons.push(reason);
        self
    }

    #[must_use]
    pub fn retry_after(mut self, pause: Duration) -> Self {
        self.retry_after = Some(pause);
        self
    }
}

#[derive(Serialize, Deserialize)]
struct StoredProblem<'a> {
    problem: &'a str,
    errors: Vec<Reason>,
    reasons: Vec<Reason>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Displays an error with its causes on one line.
struct ErrorChain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn every_code_with_a_status_has_both_texts() {
        for (code, _) in super::STATUSES {
            assert_eq!(texts::known_code(code), *code, "{code} has no text");
        }
    }
}
