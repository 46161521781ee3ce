//! `Connection: close` on an answer that comes before its request was read whole.
//!
//! The server closes such a connection, since the rest of the request stands where the next one would begin.
//! A client that is not told believes it free, and loses the next request that it sends on it (RFC 9112, 9.6).

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Version};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

/// Whether a request was read to its end.
pub struct Reading {
    done: Arc<AtomicBool>,
    /// Later versions have streams of their own for each request.
    is_http_1: bool,
}

impl Reading {
    /// Watches over the body of a request.
    pub fn watched(request: Request) -> (Request, Self) {
        let is_http_1 = request.version() <= Version::HTTP_11;
        let done = Arc::new(AtomicBool::new(request.body().is_end_stream()));
        let watched = |body| Body::new(Watched { body, done: Arc::clone(&done) });
        (request.map(watched), Self { done, is_http_1 })
    }

    /// Tells the client that the connection is not kept, where it will not be.
    pub fn tell(&self, response: &mut Response) {
        if self.is_http_1 && !self.done.load(Ordering::Relaxed) {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

/// A body that notes its end.
struct Watched {
    body: Body,
    done: Arc<AtomicBool>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.done.store(true, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
