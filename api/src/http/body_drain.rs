//! Drains the unread body of a request after its response, or sets `Connection: close`.
//!
//! The server closes a connection with unread bytes of a request. A client without `Connection: close`
//! would reuse the connection and lose its next request (RFC 9112, 9.6).

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Version};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

/// Maximum number of bytes, and maximum time, for draining a body to keep the connection.
const DRAIN_LIMIT_BYTES: u64 = 64 * 1024;
const DRAIN_TIMEOUT: Duration = Duration::from_millis(200);

/// Body of a request, shared by its handler and [`UnreadBody`].
#[derive(Clone)]
struct SharedBody(Arc<Mutex<Body>>);

/// Unread rest of the body of a request.
pub struct UnreadBody {
    body: SharedBody,
    /// Later HTTP versions have a stream per request.
    is_http_1: bool,
}

impl UnreadBody {
    /// Shares the body of a request between the request and the result.
    pub fn track(request: Request) -> (Request, Self) {
        let is_http_1 = request.version() <= Version::HTTP_11;
        let (parts, body) = request.into_parts();
        let body = SharedBody(Arc::new(Mutex::new(body)));
        (Request::from_parts(parts, Body::new(body.clone())), Self { body, is_http_1 })
    }

    /// Drains the rest of the body, or sets `Connection: close` if it is too long or too slow.
    pub async fn drain_or_close(self, response: &mut Response) {
        if self.is_http_1 && !self.body.is_end_stream() && !self.drain().await {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }

    async fn drain(&self) -> bool {
        if self.body.size_hint().lower() > DRAIN_LIMIT_BYTES {
            return false;
        }
        let mut remaining = DRAIN_LIMIT_BYTES;
        let drained = async {
            while let Some(frame) = poll_fn(|context| self.body.poll(context)).await {
                let length =
                    frame.map_or(u64::MAX, |frame| frame.data_ref().map_or(0, |data| data.len() as u64));
                match remaining.checked_sub(length) {
                    Some(left) => remaining = left,
                    None => return false,
                }
            }
            true
        };
        tokio::time::timeout(DRAIN_TIMEOUT, drained).await.unwrap_or(false)
    }
}

impl SharedBody {
    fn lock(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.lock()).poll_frame(context)
    }
}

impl HttpBody for SharedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.poll(context)
    }

    fn is_end_stream(&self) -> bool {
        self.lock().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().size_hint()
    }
}
