//! Versions and positions in headers, for read-your-writes and optimistic concurrency.

use domain::{Position, StreamVersion};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::problem::Problem;
use crate::app::App;

pub const X_LOG_POSITION: HeaderName = HeaderName::from_static("x-log-position");

pub const MIN_LOG_POSITION: HeaderName = HeaderName::from_static("min-log-position");

/// `Min-Log-Position` of a GET.
#[derive(Clone, Copy, Debug)]
pub struct MinPosition(Option<Position>);

impl MinPosition {
    /// Raises the position to at least `position`.
    #[must_use]
    pub fn at_least(self, position: Position) -> Self {
        Self(self.0.max(Some(position)))
    }

    /// Waits until all read models of the response have reached the position.
    ///
    /// # Errors
    /// `projection_behind` (503) if one has not reached it in time.
    pub async fn wait_for(self, app: &App, models: &[&str]) -> Result<(), Problem> {
        let Some(position) = self.0 else { return Ok(()) };
        let within = app.settings.min_position_wait;
        let waits = models.iter().map(|model| app.freshness.wait_for(model, position, within));
        if futures::future::join_all(waits).await.into_iter().all(|there| there) {
            Ok(())
        } else {
            Err(Problem::new("projection_behind").retry_after(Duration::from_secs(1)))
        }
    }
}

impl<S: Sync> FromRequestParts<S> for MinPosition {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(MIN_LOG_POSITION) else { return Ok(Self(None)) };
        let position: Option<Position> = value.to_str().ok().and_then(|text| text.trim().parse().ok());
        // Positions are bigint.
        match position.filter(|position| *position <= Position::MAX) {
            Some(position) => Ok(Self(Some(position))),
            None => Err(Problem::new("malformed_header")),
        }
    }
}

/// The version that `If-Match` insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub Option<StreamVersion>);

impl IfMatch {
    /// For routes that require it.
    ///
    /// # Errors
    /// It was not sent: 428.
    pub fn require(self) -> Result<Self, Problem> {
        if self.0.is_some() { Ok(self) } else { Err(Problem::new("if_match_required")) }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(Self(None)) };
        match value.to_str().map(str::trim) {
            Ok("*") => Ok(Self(None)),
            // A weak tag never matches (RFC 9110, 13.1.1).
            Ok(text) if text.starts_with("W/") => Err(Problem::new("stale_version")),
            Ok(text) => match parse_version_tag(text) {
                Some(version) => Ok(Self(Some(version))),
                None => Err(Problem::new("malformed_header")),
            },
            Err(_) => Err(Problem::new("malformed_header")),
        }
    }
}

/// Reads `"v<version>"`.
fn parse_version_tag(tag: &str) -> Option<StreamVersion> {
    let digits = tag.strip_prefix("\"v")?.strip_suffix('"')?;
    if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// `X-Log-Position`: position of the log after a mutation.
#[derive(Clone, Copy, Debug)]
pub struct LogPosition(pub Position);

impl IntoResponseParts for LogPosition {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.headers_mut().insert(X_LOG_POSITION, HeaderValue::from(self.0.0));
        Ok(parts)
    }
}

/// `ETag: "v<version>"`.
#[derive(Clone, Copy, Debug)]
pub struct ETag(pub StreamVersion);

impl IntoResponseParts for ETag {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let tag = HeaderValue::from_str(&format!("\"v{}\"", self.0)).expect("digits are ASCII");
        parts.headers_mut().insert(ETAG, tag);
        Ok(parts)
    }
}

/// `ETag: "v<version>-<digest>"` of a response from several streams. It changes with the content.
/// `If-Match` does not accept it.
#[derive(Clone, Debug)]
pub struct ContentETag(HeaderValue);

impl ContentETag {
    pub fn from_content(version: StreamVersion, answer: &impl Serialize) -> Self {
        let json = serde_json::to_vec(answer).expect("an answer is written as JSON");
        let digest = hex::encode(&Sha256::digest(json)[..8]);
        Self(HeaderValue::from_str(&format!("\"v{version}-{digest}\"")).expect("hex is ASCII"))
    }
}

impl IntoResponseParts for ContentETag {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.headers_mut().insert(ETAG, self.0);
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn if_match(value: &str) -> Result<IfMatch, &'static str> {
        let request = Request::builder().header(IF_MATCH, value).body(()).unwrap();
        let (mut parts, ()) = request.into_parts();
        IfMatch::from_request_parts(&mut parts, &()).await.map_err(|problem| problem.code)
    }

    #[tokio::test]
    async fn if_match_names_a_version_or_is_refused() {
        assert_eq!(if_match("\"v7\"").await, Ok(IfMatch(Some(StreamVersion(7)))));
        assert_eq!(if_match("*").await, Ok(IfMatch(None)));
        assert_eq!(if_match("W/\"v7\"").await, Err("stale_version"));
        for broken in ["v7", "\"7\"", "\"v\"", "\"v-1\"", "\"v99999999999999999999\""] {
            assert_eq!(if_match(broken).await, Err("malformed_header"), "{broken}");
        }
        assert!(IfMatch(None).require().is_err());
    }
}
