//! Per-request ids, language and network of the client, available before authentication.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum_extra::extract::CookieJar;
use domain::Ids;
use domain::accounts::Locale;
use uuid::Uuid;

use super::cookies::BROWSER_COOKIE;
use super::negotiation::preferred_language;
use super::problem::Problem;
use crate::auth::session::Token;
use crate::network::Network;

pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Maximum length of a stored `User-Agent`, in characters.
const MAX_USER_AGENT: usize = 256;

/// Ids, language and network of a request. An extractor for handlers.
#[derive(Clone, Debug)]
pub struct RequestContext(Arc<RequestInfo>);

/// See [`RequestContext`].
#[derive(Debug)]
pub struct RequestInfo {
    /// 32 hex digits: the W3C trace id of the client, or a new one.
    pub trace_id: String,
    /// Header of the client, if it is valid (W3C Trace Context, version 00).
    pub traceparent: Option<String>,
    /// Correlation id of all events and tasks that follow from this request.
    pub correlation_id: Uuid,
    /// `X-Request-Id` as the client sent it, if it is valid.
    pub given_request_id: Option<String>,
    /// `X-Request-Id` of the response: that of the client, or the trace id.
    pub request_id: HeaderValue,
    pub language: Locale,
    pub network: Network,
    /// Cookie of a browser from which a person has signed in before.
    pub browser: Option<Token>,
    /// Without control characters, at most 256 characters.
    pub user_agent: String,
}

impl std::ops::Deref for RequestContext {
    type Target = RequestInfo;

    fn deref(&self) -> &RequestInfo {
        &self.0
    }
}

impl RequestContext {
    pub fn from_headers(headers: &HeaderMap, network: Network, ids: &dyn Ids) -> Self {
        let fresh = ids.next();
        let traceparent = header_text(headers, &TRACEPARENT).filter(|value| parse_trace_id(value).is_some());
        let trace_id =
            traceparent.and_then(parse_trace_id).map_or_else(|| fresh.simple().to_string(), str::to_owned);
        let given = header_text(headers, &X_REQUEST_ID).filter(|id| correlation_of(id).is_some());
        let correlation_id =
            given.and_then(correlation_of).or(Uuid::parse_str(&trace_id).ok()).unwrap_or(fresh);
        let request_id = given.unwrap_or(&trace_id);
        Self(Arc::new(RequestInfo {
            traceparent: traceparent.map(str::to_owned),
            correlation_id,
            given_request_id: given.map(str::to_owned),
            request_id: HeaderValue::from_str(request_id).expect("it came as a header, or is hexadecimal"),
            language: preferred_language(headers),
            network,
            browser: browser(headers),
            user_agent: user_agent(headers),
            trace_id,
        }))
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new("internal"))
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Returns the correlation id of a request id: the UUID itself, or one that is derived from the text.
/// Returns `None` unless it has 1 to 128 printable ASCII characters.
pub fn correlation_of(request_id: &str) -> Option<Uuid> {
    let is_printable = request_id.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if !is_printable || request_id.trim().is_empty() || request_id.len() > 128 {
        return None;
    }
    let derived = || Uuid::new_v5(&Uuid::NAMESPACE_OID, request_id.as_bytes());
    Some(Uuid::parse_str(request_id).unwrap_or_else(|_| derived()))
}

/// Parses `00-<32 hex>-<16 hex>-<2 hex>`. Neither id may be all zeros.
fn parse_trace_id(traceparent: &str) -> Option<&str> {
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let mut parts = traceparent.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let valid = parts.next().is_none()
        && version == "00"
        && hex(trace, 32)
        && hex(parent, 16)
        && hex(flags, 2)
        && trace.bytes().any(|b| b != b'0')
        && parent.bytes().any(|b| b != b'0');
    valid.then_some(trace)
}

fn browser(headers: &HeaderMap) -> Option<Token> {
    let cookies = CookieJar::from_headers(headers);
    [true, false].into_iter().find_map(|secure| Token::parse(BROWSER_COOKIE.read(&cookies, secure)?))
}

fn user_agent(headers: &HeaderMap) -> String {
    let text = header_text(headers, &header::USER_AGENT).unwrap_or_default();
    let text: String = text.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect();
    if text.trim().is_empty() { "unknown".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use domain::RandomIds;

    use super::*;

    fn context(pairs: &[(HeaderName, &str)]) -> RequestContext {
        let headers = pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        RequestContext::from_headers(&headers, Network::of(Ipv4Addr::LOCALHOST.into()), &RandomIds)
    }

    #[test]
    fn a_trace_is_taken_over_and_a_broken_one_is_not() {
        let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(context(&[(TRACEPARENT, valid)]).trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
        for broken in ["", "00-0-0-0", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"] {
            let context = context(&[(TRACEPARENT, broken)]);
            assert_eq!(context.traceparent, None);
            assert_eq!(context.trace_id.len(), 32);
        }
    }

    /// D11: a problem names the request as its header does, and so does the log.
    #[test]
    fn d11_a_request_without_an_id_has_one_spelling_of_it() {
        let context = context(&[]);
        assert_eq!(context.request_id, context.trace_id.as_str());
        assert_eq!(Uuid::parse_str(&context.trace_id), Ok(context.correlation_id));
    }

    #[test]
    fn a_request_id_that_is_no_uuid_still_names_one_correlation() {
        let first = context(&[(X_REQUEST_ID, "order-17")]);
        let again = context(&[(X_REQUEST_ID, "order-17")]);
        assert_eq!(first.correlation_id, again.correlation_id);
        assert_eq!(first.request_id, "order-17");
        assert_eq!(first.given_request_id.as_deref(), Some("order-17"));
        assert_eq!(correlation_of("order-17"), Some(first.correlation_id));
        let long = "x".repeat(129);
        for refused in ["", " ", "a\tb", &long] {
            let context = context(&[(X_REQUEST_ID, refused)]);
            assert_eq!(context.given_request_id, None, "{refused:?}");
            assert_ne!(context.request_id, refused);
        }
    }
}
