//! Faults of the CRM, and their effect on one call.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rand::Rng;
use serde::{Deserialize, Serialize};

use crate::answer::{FieldError, Refusal, failure};

/// The body of `POST /__faults`; a missing fault does not occur. Rates are probabilities, 0 to 1.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Faults {
    /// Delay before every answer, after the work: a caller that stops waiting does not know the outcome.
    pub latency_ms: u64,
    /// Rate of calls that are answered with a failure and not carried out.
    /// Without it, the rate is 1 if `status`, `html` or `retry_after_seconds` is given, otherwise 0.
    fail_rate: Option<f64>,
    /// Status of such a failure: default 500, or 502 with `html`.
    status: Option<u16>,
    /// Such a failure is a proxy's HTML page instead of JSON.
    html: bool,
    /// Such a failure carries `Retry-After`.
    retry_after_seconds: Option<u32>,
    /// Rate of calls that are carried out and never answered: the connection is cut.
    drop_rate: f64,
    /// Rate of creations that leave a second copy of the record under another id.
    duplicate_rate: f64,
}

/// Faults of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FaultPlan {
    pub is_failed: bool,
    pub is_cut: bool,
    pub is_doubled: bool,
}

const MAX_LATENCY_MS: u64 = 600_000;

impl Faults {
    /// Refuses invalid rates and statuses that cannot carry a body.
    pub fn check(self) -> Result<Self, Refusal> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError { field: field.to_owned(), message: message.to_owned() });
        };
        let rates = [
            ("fail_rate", self.fail_rate.unwrap_or(0.0)),
            ("drop_rate", self.drop_rate),
            ("duplicate_rate", self.duplicate_rate),
        ];
        for (field, rate) in rates {
            if !(0.0..=1.0).contains(&rate) {
                wrong(field, "must be from 0 to 1");
            }
        }
        if self
            .status
            .is_some_and(|status| !(200..=599).contains(&status) || [204, 205, 304].contains(&status))
        {
            wrong("status", "must be from 200 to 599 and one that has a body");
        }
        if self.latency_ms > MAX_LATENCY_MS {
            wrong("latency_ms", "must be at most 600000");
        }
        if errors.is_empty() { Ok(self) } else { Err(Refusal::Invalid(errors)) }
    }

    /// Draws for all three rates every time, so that a seed gives the same random numbers whatever the
    /// faults.
    pub fn draw(&self, rng: &mut impl Rng) -> FaultPlan {
        let mut happens = |rate: f64| rng.random::<f64>() < rate;
        let is_failed = happens(self.fail_rate());
        let is_cut = happens(self.drop_rate);
        let is_doubled = happens(self.duplicate_rate);
        FaultPlan { is_failed, is_cut, is_doubled }
    }

    /// The answer to a call that is to fail.
    pub fn failure(&self) -> Response {
        let default = if self.html { StatusCode::BAD_GATEWAY } else { StatusCode::INTERNAL_SERVER_ERROR };
        let status = self.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(default);
        let mut answer = if self.html {
            let title = status.canonical_reason().unwrap_or("Error");
            let page = format!(
                "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
            );
            (status, Html(page)).into_response()
        } else {
            failure(status, "This failure was asked for")
        };
        if let Some(seconds) = self.retry_after_seconds {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }

    fn fail_rate(&self) -> f64 {
        let is_described = self.status.is_some() || self.html || self.retry_after_seconds.is_some();
        self.fail_rate.unwrap_or(if is_described { 1.0 } else { 0.0 })
    }
}
