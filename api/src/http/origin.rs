//! Origins whose pages may call with the session cookie: the same origin, and an exact list.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::freshness::{MIN_LOG_POSITION, X_LOG_POSITION};
use super::idempotency::{IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED};
use super::problem::Problem;
use super::request::{TRACEPARENT, X_REQUEST_ID};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a mutation that a page of another origin makes with the session cookie.
///
/// Browsers send `Origin` with each such request. Without it, `Sec-Fetch-Site` must not name another site.
/// Programs send neither.
///
/// # Errors
/// `origin_not_allowed` for a page of another origin.
pub fn check_origin(headers: &HeaderMap, allowed: &[String], secure: bool) -> Result<(), Problem> {
    let permitted = match headers.get(header::ORIGIN) {
        Some(origin) => origin
            .to_str()
            .is_ok_and(|origin| is_same_origin(origin, headers, secure) || is_listed(origin, allowed)),
        None => {
            headers.get(SEC_FETCH_SITE).is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
        }
    };
    if permitted { Ok(()) } else { Err(Problem::new("origin_not_allowed")) }
}

fn is_listed(origin: &str, allowed: &[String]) -> bool {
    allowed.iter().any(|known| known.eq_ignore_ascii_case(origin))
}

/// Returns true if the origin has the scheme, host and port of this request. The scheme is https where the
/// installation is `secure`.
fn is_same_origin(origin: &str, headers: &HeaderMap, secure: bool) -> bool {
    let scheme = if secure { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| origin.eq_ignore_ascii_case(&format!("{scheme}://{host}")))
}

/// CORS layer: allows the listed origins with credentials, and no others.
pub fn cors(allowed: &[String]) -> CorsLayer {
    let listed = allowed.to_vec();
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin: &HeaderValue, _| {
            origin.to_str().is_ok_and(|origin| is_listed(origin, &listed))
        }))
        .allow_credentials(true)
        .allow_methods(methods)
        .allow_headers([
            header::ACCEPT,
            header::ACCEPT_LANGUAGE,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            IDEMPOTENCY_KEY,
            MIN_LOG_POSITION,
            TRACEPARENT,
            X_REQUEST_ID,
        ])
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            IDEMPOTENCY_REPLAYED,
            X_LOG_POSITION,
            X_REQUEST_ID,
            HeaderName::from_static("ratelimit"),
            HeaderName::from_static("x-as-of-position"),
        ])
        .max_age(std::time::Duration::from_secs(600))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permitted(pairs: &[(&'static str, &str)]) -> bool {
        permitted_where(false, pairs)
    }

    fn permitted_where(secure: bool, pairs: &[(&'static str, &str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        check_origin(&headers, &["https://school.example".to_owned()], secure).is_ok()
    }

    #[test]
    fn only_exact_origins_may_act_with_the_cookie() {
        assert!(permitted(&[("origin", "https://school.example"), ("host", "api.example")]));
        let plain = [("origin", "http://localhost:3000"), ("host", "localhost:3000")];
        assert!(permitted(&plain) && !permitted_where(true, &plain));
        assert!(permitted_where(true, &[("origin", "https://a.example"), ("host", "a.example")]));
        for foreign in [
            "https://school.example.evil.net",
            "https://evilschool.example",
            "https://school.example:8443",
            "http://school.example",
            "https://school.exampl",
            "https://sub.school.example",
            "https://api.example.evil.net",
            "https://evil.net/https://school.example",
            "null",
            "",
        ] {
            assert!(!permitted(&[("origin", foreign), ("host", "api.example")]), "{foreign}");
        }
    }

    #[test]
    fn k11_another_scheme_or_port_is_another_origin() {
        for foreign in
            ["https://localhost:3000", "http://localhost", "http://localhost:3001", "ws://localhost:3000"]
        {
            assert!(!permitted(&[("origin", foreign), ("host", "localhost:3000")]), "{foreign}");
        }
        assert!(permitted(&[("origin", "HTTP://Localhost:3000"), ("host", "localhost:3000")]));
    }

    #[test]
    fn without_an_origin_only_programs_and_our_own_pages_may_act() {
        assert!(permitted(&[]));
        assert!(permitted(&[("sec-fetch-site", "same-origin")]));
        assert!(!permitted(&[("sec-fetch-site", "cross-site")]));
        assert!(!permitted(&[("sec-fetch-site", "same-site")]));
    }
}
