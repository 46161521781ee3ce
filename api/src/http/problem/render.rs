//! Renders a problem in the language and with the trace id of the request.

use axum::body::Body as HttpBody;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use domain::Reason;
use domain::accounts::Locale;
use serde::Serialize;

use super::{Problem, texts};

/// An error response: `application/problem+json` (RFC 9457).
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// URN of the code: `urn:kafedra:problem:<code>`.
    pub r#type: String,
    /// Title in the language of the request.
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// Stable code in snake_case for programs.
    pub code: String,
    /// Trace id of this request in the logs.
    pub trace_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Rules that refused the request, with the state and facts they depend on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub reasons: Vec<Reason>,
}

/// An invalid field.
#[derive(Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, or the name of a query parameter.
    pub pointer: String,
    pub code: String,
    pub message: String,
}

/// Writes the body of an error response. An error response without a [`Problem`], such as a wrong method,
/// becomes one. Other responses stay as they are.
pub fn render(mut response: Response, language: Locale, trace_id: &str) -> Response {
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None => match problem_from_status(&response) {
            Some(problem) => problem,
            None => return response,
        },
    };
    let body = build_body(&problem, language, trace_id);
    let text = serde_json::to_vec(&body).expect("texts and numbers always serialise");
    let (mut parts, _) = response.into_parts();
    parts.status = problem.status;
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    parts.headers.remove(CONTENT_LENGTH);
    if problem.status == StatusCode::UNAUTHORIZED {
        parts.headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"kafedra\""));
    }
    if let Some(pause) = problem.retry_after {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from(pause.as_secs().max(1)));
    }
    Response::from_parts(parts, HttpBody::from(text))
}

/// Returns the problem of an error response that the web framework made.
fn problem_from_status(response: &Response) -> Option<Problem> {
    let status = response.status();
    if status.is_success() || status.is_informational() || status.is_redirection() {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new("method_not_allowed"),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new("body_too_large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new("unsupported_media_type"),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Problem::new("headers_too_large"),
        status if status.is_client_error() => Problem::with_status("malformed_request", status),
        _ => Problem::new("internal"),
    })
}

fn build_body(problem: &Problem, language: Locale, trace_id: &str) -> ProblemBody {
    let text = texts::problem_text(problem.code, language);
    ProblemBody {
        r#type: format!("urn:kafedra:problem:{}", problem.code),
        title: text.title,
        status: problem.status.as_u16(),
        detail: text.detail,
        code: problem.code.to_owned(),
        trace_id: trace_id.to_owned(),
        errors: problem.errors.iter().map(|reason| render_field_error(reason, language)).collect(),
        reasons: problem.reasons.clone(),
    }
}

fn render_field_error(reason: &Reason, language: Locale) -> FieldError {
    let message = texts::field_text(reason, language);
    FieldError { pointer: reason.pointer.clone().unwrap_or_default(), code: reason.code.clone(), message }
}
