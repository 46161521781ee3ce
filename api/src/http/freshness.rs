//! Versions and positions in headers, for read-your-writes and optimistic concurrency.

use domain::{Position, StreamVersion};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use parse_net::Limits;
use parse_net::etag::{Condition, parse_condition};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

use super::negotiation::joined_lines;
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

impl IntoParams for MinPosition {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter("Min-Log-Position", Required::False)]
    }
}

/// Versions that `If-Match` allows (RFC 9110, 13.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    Absent,
    /// `*`: the resource exists.
    Any,
    /// At least one.
    OneOf(Vec<StreamVersion>),
}

impl IfMatch {
    /// For routes that require it.
    ///
    /// # Errors
    /// It was not sent: 428.
    pub fn require(self) -> Result<Self, Problem> {
        if self == IfMatch::Absent { Err(Problem::new("if_match_required")) } else { Ok(self) }
    }

    /// Returns the versions that the stream of the command may have. None if any is allowed.
    pub fn expected_versions(&self) -> &[StreamVersion] {
        match self {
            IfMatch::Absent | IfMatch::Any => &[],
            IfMatch::OneOf(versions) => versions,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    /// Weak tags and tags that are not ours never match.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = joined_lines(&parts.headers, &IF_MATCH) else { return Ok(IfMatch::Absent) };
        let condition = parse_condition(&value, &Limits::DEFAULT);
        match condition.map_err(|_| Problem::new("malformed_header"))? {
            Condition::Any => Ok(IfMatch::Any),
            Condition::Tags(tags) => {
                let strong = tags.iter().filter(|tag| !tag.is_weak());
                let versions: Vec<StreamVersion> =
                    strong.filter_map(|tag| parse_version(tag.opaque())).collect();
                if versions.is_empty() {
                    Err(Problem::new("stale_version"))
                } else {
                    Ok(IfMatch::OneOf(versions))
                }
            }
        }
    }
}

/// For routes that require it.
impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter("If-Match", Required::True)]
    }
}

/// Returns the parameter of a header. The API document has its schema and its text (`document/headers.rs`).
pub(super) fn header_parameter(name: &str, required: Required) -> Parameter {
    ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).required(required).build()
}

/// Reads `v<version>`, as [`ETag`] writes it.
fn parse_version(tag: &[u8]) -> Option<StreamVersion> {
    let digits = std::str::from_utf8(tag).ok()?.strip_prefix('v')?;
    let version: StreamVersion = digits.parse().ok()?;
    (version.to_string() == digits).then_some(version)
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

    async fn if_match(values: &[&str]) -> Result<IfMatch, &'static str> {
        let request =
            values.iter().fold(Request::builder(), |request, value| request.header(IF_MATCH, *value));
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        IfMatch::from_request_parts(&mut parts, &()).await.map_err(|problem| problem.code)
    }

    #[tokio::test]
    async fn h2_if_match_names_versions_or_matches_nothing() {
        let one_of =
            |versions: &[u64]| Ok(IfMatch::OneOf(versions.iter().copied().map(StreamVersion).collect()));
        assert_eq!(if_match(&[]).await, Ok(IfMatch::Absent));
        assert_eq!(if_match(&["\"v7\""]).await, one_of(&[7]));
        assert_eq!(if_match(&["*"]).await, Ok(IfMatch::Any));
        assert_eq!(if_match(&["\"v999\", \"v1\""]).await, one_of(&[999, 1]));
        assert_eq!(if_match(&["\"v999\"", "\"v1\""]).await, one_of(&[999, 1]));
        assert_eq!(if_match(&["\"other,tag\", W/\"v2\", \"v3\""]).await, one_of(&[3]));
        for other in [
            "\"something-else\"",
            "\"7\"",
            "\"v\"",
            "\"v-1\"",
            "\"v07\"",
            "\"v99999999999999999999\"",
            "W/\"v7\"",
            "\"\"",
        ] {
            assert_eq!(if_match(&[other]).await, Err("stale_version"), "{other}");
        }
        for broken in ["v7", "\"v7", "*, \"v7\"", "nonsense"] {
            assert_eq!(if_match(&[broken]).await, Err("malformed_header"), "{broken}");
        }
        assert!(IfMatch::Absent.require().is_err() && IfMatch::Any.require().is_ok());
    }
}
