//! The HTTP address of one process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use serde::Serialize;

use crate::Answer;
use crate::contract::check_answer;

/// HTTP client of one process; cheap to clone.
#[derive(Clone, Debug)]
pub struct HttpClient {
    http: Client,
    /// `http://127.0.0.1:port`.
    pub url: String,
    /// Highest position that the installation has acknowledged to any caller of this client and its copies.
    acknowledged: Arc<AtomicU64>,
    /// Address of the metrics.
    metrics_url: String,
}

/// A request that is being built.
pub struct Call {
    asked: String,
    request: RequestBuilder,
    acknowledged: Arc<AtomicU64>,
}

impl HttpClient {
    /// A client of the process that serves its API and its metrics at these addresses.
    pub fn new(url: String, metrics_url: String) -> Self {
        // Another test of this process may have installed a provider already; that error is harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder()
            .timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client with these settings can be built");
        Self { http, url, metrics_url, acknowledged: Arc::default() }
    }

    /// The same client for another process of the installation.
    #[must_use]
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// Highest acknowledged position; 0 before the first change.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// A request to the API (`/accounts` means `/api/v1/accounts`), or to a path at the root.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let at_root = ["/health", "/metrics", "/api/"].iter().any(|root| path.starts_with(root));
        let base = if at_root { "" } else { "/api/v1" };
        let method = Method::from_bytes(method.as_bytes()).expect("a valid method");
        let server = if path == "/metrics" { &self.metrics_url } else { &self.url };
        let url = format!("{server}{base}{path}");
        Call {
            asked: format!("{method} {path}"),
            request: self.http.request(method, url),
            acknowledged: self.acknowledged.clone(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send().await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.call("POST", path).json(body).send().await
    }
}

impl Call {
    #[must_use]
    pub fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.request = self.request.header(name, value.to_string());
        self
    }

    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Sets the `Idempotency-Key`.
    #[must_use]
    pub fn key(self, key: impl ToString) -> Self {
        self.header("idempotency-key", key)
    }

    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.request = self.request.json(body);
        self
    }

    #[must_use]
    pub fn body(mut self, bytes: impl Into<reqwest::Body>, content_type: &str) -> Self {
        self.request = self.request.body(bytes).header("content-type", content_type);
        self
    }

    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.request = self.request.timeout(timeout);
        self
    }

    /// # Panics
    /// If the server does not answer.
    pub async fn send(self) -> Answer {
        let asked = self.asked.clone();
        self.attempt().await.unwrap_or_else(|error| panic!("{asked}: {error:?}"))
    }

    /// # Errors
    /// If the server does not answer; the request may have been carried out.
    pub async fn attempt(self) -> Result<Answer, reqwest::Error> {
        let response = self.request.send().await?;
        let path = response.url().path().to_owned();
        let answer = Answer::read(self.asked, response).await?;
        check_answer(&path, &answer);
        if let Ok(position) = answer.header("x-log-position").parse() {
            self.acknowledged.fetch_max(position, Ordering::Relaxed);
        }
        Ok(answer)
    }
}
