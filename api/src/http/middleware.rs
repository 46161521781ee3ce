//! Outermost middleware: ids, span, metrics, deadline, panic handler and security headers.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use tracing::Instrument;

use super::body_drain::UnreadBody;
use super::limits::{Allowance, client_network};
use super::problem::{Problem, render};
use super::request::{RequestContext, TRACEPARENT, X_REQUEST_ID};
use crate::app::AppState;

/// Content security policy. The reference page has inline styles and pictures.
const CONTENT_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
     connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

/// Returns the content security policy of a page that also connects to `origin`.
pub(super) fn content_policy_with(origin: &str) -> Option<HeaderValue> {
    let connect = format!("connect-src 'self' {origin};");
    HeaderValue::from_str(&CONTENT_POLICY.replace("connect-src 'self';", &connect)).ok()
}

/// Runs the request inside the outermost middleware.
pub async fn handle_request(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let socket = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let socket = socket.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let network = client_network(socket, request.headers(), &app.settings.trusted_proxies);
    let context = RequestContext::from_headers(request.headers(), network, app.ids.as_ref());
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or("unmatched", MatchedPath::as_str);
    request.extensions_mut().insert(context.clone());

    let (request, unread_body) = UnreadBody::track(request);
    let span = tracing::info_span!(
        "request",
        trace_id = %context.trace_id,
        request_id = context.given_request_id.as_deref(),
        %method,
        route
    );
    let started = Instant::now();
    // This probe asks nothing of other servers. It is not limited, so that a busy neighbour on its address does not
    // make this OS process look dead.
    let allowance = if route == "/health/live" { None } else { Some(app.limits.take_for_network(network)) };
    let mut answer = match allowance.map_or(Ok(()), Allowance::require) {
        Ok(()) => run_with_deadline(next.run(request), app.settings.request_timeout).instrument(span).await,
        Err(problem) => problem.into_response(),
    };
    if let Some(allowance) = allowance {
        allowance.write_if_absent(answer.headers_mut());
    }
    let mut response = render(answer, context.language, &context.trace_id);
    record_metrics(&method, route, &response, started.elapsed());
    write_headers(response.headers_mut(), &context);
    if app.settings.cookie_secure {
        let always_tls = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, always_tls);
    }
    unread_body.drain_or_close(&mut response).await;
    response
}

/// Runs the inner service. A panic or a missed deadline becomes an error response.
async fn run_with_deadline(work: impl Future<Output = Response>, deadline: Duration) -> Response {
    match tokio::time::timeout(deadline, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(response)) => response,
        // The panic hook has already logged the location.
        Ok(Err(_panic)) => Problem::new("internal").into_response(),
        Err(_elapsed) => {
            tracing::warn!("request deadline exceeded");
            Problem::new("timeout").retry_after(Duration::from_secs(2)).into_response()
        }
    }
}

fn record_metrics(method: &Method, route: &str, response: &Response, took: Duration) {
    // Labels have a closed set of methods, because a client can send any method.
    let method = match *method {
        Method::GET | Method::HEAD => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let labels = [("method", method.to_owned()), ("route", route.to_owned())];
    metrics::histogram!("kafedra_http_request_seconds", &labels).record(took.as_secs_f64());
    let [method, route] = labels;
    let status = ("status", response.status().as_u16().to_string());
    metrics::counter!("kafedra_http_requests_total", &[method, route, status]).increment(1);
}

fn write_headers(headers: &mut HeaderMap, context: &RequestContext) {
    headers.insert(X_REQUEST_ID, context.request_id.clone());
    if let Some(traceparent) = &context.traceparent {
        headers.insert(TRACEPARENT, HeaderValue::from_str(traceparent).expect("it came as a header"));
    }
    let fixed: [(HeaderName, &str); 6] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn code(work: impl Future<Output = Response>) -> &'static str {
        run_with_deadline(work, Duration::from_millis(50))
            .await
            .extensions()
            .get::<Problem>()
            .map_or("", |p| p.code)
    }

    #[tokio::test]
    async fn a_panic_and_a_missed_deadline_become_answers() {
        assert_eq!(code(async { panic!("on purpose") }).await, "internal");
        assert_eq!(code(std::future::pending()).await, "timeout");
        assert_eq!(code(async { Response::default() }).await, "");
    }
}
