//! HTTP client of the external CRM: timeouts, a size limit, the API key, and the meaning of every response.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::crm::FailureCause;
use domain::{AccountId, Clock};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::RETRY_AFTER;
use reqwest::{Method, Response, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgPool;
use uuid::Uuid;

use crate::breaker::Breaker;
use crate::call_failure::CallFailure;
use crate::call_log::{self, FinishedCall};
use crate::circuit::{Permit, Signal, add_span};
use crate::operations::{self, Operation};
use crate::wire::Envelope;

/// Address and limits of the external CRM.
#[derive(Clone, Debug)]
pub struct CrmServer {
    /// Base address, such as `http://localhost:3001/api`.
    pub base_url: String,
    pub api_key: SecretString,
    pub connect_timeout_ms: u64,
    /// Timeout of a whole call including the response body, in milliseconds.
    pub timeout_ms: u64,
    pub max_body_bytes: usize,
}

impl CrmServer {
    /// Returns a server with the default limits: 3 s to connect, 10 s per call, 4 MiB.
    pub fn new(base_url: impl Into<String>, api_key: SecretString) -> Self {
        Self {
            base_url: base_url.into(),
            api_key,
            connect_timeout_ms: 3_000,
            timeout_ms: 10_000,
            max_body_bytes: 4 * 1024 * 1024,
        }
    }
}

/// Reason why the address of the CRM is not usable.
#[derive(Debug, thiserror::Error)]
pub enum CrmServerError {
    #[error("the CRM's address is not an http(s) URL")]
    Address,
    #[error("cannot create the HTTP client")]
    Client(#[source] reqwest::Error),
}

/// Maximum value of `Retry-After` that the client obeys.
const RETRY_AFTER_MAX: SignedDuration = SignedDuration::from_hours(24);
/// Pause of all calls after the CRM has refused the API key.
const WRONG_KEY_PAUSE: SignedDuration = SignedDuration::from_mins(5);

pub(crate) struct CrmClient {
    http: reqwest::Client,
    base_url: String,
    server: CrmServer,
    pool: PgPool,
    clock: Arc<dyn Clock>,
    pub breaker: Breaker,
}

/// Origin of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallContext {
    pub account_id: Option<AccountId>,
    pub what: &'static str,
    /// True if an admin has requested the call. The circuit breaker does not stop it.
    pub is_manual: bool,
    /// The task that makes the call. The call is refused if another worker has its lease.
    pub task: Option<LeasedTask>,
}

/// A task and the attempt that identifies its lease.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LeasedTask {
    pub id: Uuid,
    pub attempt: u32,
}

/// The parts of a request that differ from call to call.
pub(crate) struct ApiRequest<'a, B> {
    /// Operation that the CRM may lack; `None` if nothing can be delivered without it.
    pub operation: Option<Operation>,
    pub method: Method,
    /// Path below the base address, without a query.
    pub path: String,
    pub query: &'a [(&'a str, &'a str)],
    pub body: Option<&'a B>,
    pub idempotency_key: Option<Uuid>,
}

/// Reason why a call had no valid result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// The call was not made. No call must be made before `until`.
    #[error("the circuit breaker is open until {until}")]
    Held { until: Timestamp },
    #[error("the call failed: {}", .0.name())]
    Failed(CallFailure),
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

impl CrmClient {
    pub fn new(
        server: CrmServer,
        breaker: Breaker,
        pool: PgPool,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CrmServerError> {
        // The first provider of the OS process wins. Another crate may have installed one before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base_url = server.base_url.trim_end_matches('/').to_owned();
        let address = reqwest::Url::parse(&base_url).map_err(|_| CrmServerError::Address)?;
        if !matches!(address.scheme(), "http" | "https") || address.cannot_be_a_base() {
            return Err(CrmServerError::Address);
        }
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(server.connect_timeout_ms))
            .timeout(Duration::from_millis(server.timeout_ms))
            // A redirect would send the API key to another server.
            .redirect(redirect::Policy::none())
            .user_agent("kafedra")
            .build()
            .map_err(CrmServerError::Client)?;
        Ok(Self { http, base_url, server, pool, clock, breaker })
    }

    /// Makes one call, stores it in the call log, and records its result in the circuit breaker.
    ///
    /// # Errors
    /// [`CallError::Held`] if the circuit is open or the lease of the task is lost. [`CallError::Failed`] if
    /// the call failed. [`CallError::Database`] if the database fails.
    pub async fn call<T: DeserializeOwned, B: Serialize + Sync>(
        &self,
        context: CallContext,
        request: ApiRequest<'_, B>,
    ) -> Result<T, CallError> {
        if !context.is_manual
            && let Permit::Wait { until } = self.breaker.permit().await?
        {
            return Err(CallError::Held { until });
        }
        if let Some(task) = context.task
            && self.is_lease_lost(task).await?
        {
            return Err(CallError::Held { until: self.clock.now() });
        }
        let (operation, method, path) = (request.operation, request.method.clone(), request.path.clone());
        let at = self.clock.now();
        let begun = Instant::now();
        let exchange_result = self.exchange(request).await;
        let latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let failure = exchange_result.as_ref().err();
        let status =
            exchange_result.as_ref().map_or_else(|failure| failure.status, |(status, _)| Some(*status));
        metrics::histogram!("kafedra_crm_call_seconds").record(begun.elapsed());
        let result = failure.map_or("answered", CallFailure::name);
        metrics::counter!("kafedra_crm_calls_total", "result" => result).increment(1);

        let CallContext { account_id, what, is_manual, task: _ } = context;
        let (method, path) = (method.as_str(), path.as_str());
        let call = FinishedCall { account_id, what, at, method, path, latency_ms, failure, status };
        call_log::record_call(&self.pool, call).await?;
        if let Some(operation) = operation {
            self.record_support(operation, failure, at).await?;
        }
        match self.signal_from(failure) {
            Signal::Alive if is_manual => self.breaker.close().await?,
            signal => self.breaker.record(signal).await?,
        }
        exchange_result.map(|(_, data)| data).map_err(CallError::Failed)
    }

    /// Records whether the CRM serves an operation, if the call shows it.
    async fn record_support(
        &self,
        operation: Operation,
        failure: Option<&CallFailure>,
        at: Timestamp,
    ) -> Result<(), sqlx::Error> {
        match failure.map_or(Some(true), CallFailure::shows_support) {
            Some(true) => operations::record_supported(&self.pool, operation, at).await,
            Some(false) => {
                let status = failure.and_then(|failure| failure.status).unwrap_or(0);
                operations::record_unsupported(&self.pool, operation, status, at).await
            }
            None => Ok(()),
        }
    }

    /// Returns true if another worker has the task, because this OS process was suspended for a while.
    ///
    /// A late call could restore records that the other worker has deleted.
    async fn is_lease_lost(&self, task: LeasedTask) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar!(
            r#"select exists (
                 select from process.tasks
                 where id = $1 and (attempts <> $2 or state <> 'running' or leased_until < clock_timestamp())
               ) as "lost!""#,
            task.id,
            i32::try_from(task.attempt).unwrap_or(i32::MAX),
        )
        .fetch_one(&self.pool)
        .await
    }

    async fn exchange<T: DeserializeOwned, B: Serialize + Sync>(
        &self,
        request: ApiRequest<'_, B>,
    ) -> Result<(u16, T), CallFailure> {
        let operation = request.operation;
        let mut builder = self
            .http
            .request(request.method, format!("{}{}", self.base_url, request.path))
            .bearer_auth(self.server.api_key.expose_secret())
            .query(request.query);
        if let Some(body) = request.body {
            builder = builder.json(body);
        }
        if let Some(key) = request.idempotency_key {
            builder = builder.header("Idempotency-Key", key.to_string());
        }
        let answer = builder.send().await.map_err(|error| CallFailure::from_transport(&error, None))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(self.parse_refusal(operation, answer).await);
        }
        let unreadable = CallFailure {
            cause: FailureCause::Unreadable,
            status: Some(status.as_u16()),
            retry_after: None,
            outcome_unknown: true,
            is_unsupported: false,
        };
        let body = self.read_body(answer).await?;
        let envelope = if body.is_empty() {
            Envelope::empty()
        } else {
            serde_json::from_slice(&body).map_err(|_| unreadable)?
        };
        if !envelope.success {
            return Err(CallFailure { cause: FailureCause::Refused, outcome_unknown: false, ..unreadable });
        }
        let data = serde_json::from_value(envelope.data).map_err(|_| unreadable)?;
        Ok((status.as_u16(), data))
    }

    async fn read_body(&self, mut answer: Response) -> Result<Vec<u8>, CallFailure> {
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        loop {
            let chunk = answer.chunk().await;
            match chunk.map_err(|error| CallFailure::from_transport(&error, Some(status)))? {
                None => return Ok(body),
                Some(chunk) if body.len() + chunk.len() <= self.server.max_body_bytes => body.extend(chunk),
                Some(_) => {
                    return Err(CallFailure {
                        cause: FailureCause::Unreadable,
                        status: Some(status),
                        retry_after: None,
                        outcome_unknown: true,
                        is_unsupported: false,
                    });
                }
            }
        }
    }

    async fn parse_refusal(&self, operation: Option<Operation>, answer: Response) -> CallFailure {
        let status = answer.status();
        let is_unknown_method =
            matches!(status, StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED);
        if is_unknown_method && operation.is_some() {
            return CallFailure::unsupported(status.as_u16());
        }
        let cause = match status {
            StatusCode::GONE => FailureCause::Gone,
            StatusCode::TOO_MANY_REQUESTS => FailureCause::Throttled,
            StatusCode::REQUEST_TIMEOUT => FailureCause::Unavailable,
            status if status.is_client_error() => FailureCause::Refused,
            status if status.is_server_error() => FailureCause::Unavailable,
            // A redirect, or a status that a server must not send.
            _ => FailureCause::Unreadable,
        };
        let says_when = matches!(status.as_u16(), 429 | 503);
        let retry_after = answer.headers().get(RETRY_AFTER).filter(|_| says_when);
        let retry_after =
            retry_after.and_then(|value| parse_retry_after(value.to_str().ok()?, self.clock.now()));
        let refusal = CallFailure {
            cause,
            status: Some(status.as_u16()),
            retry_after,
            outcome_unknown: cause == FailureCause::Unavailable,
            is_unsupported: false,
        };
        // A 404 without the JSON of the contract comes from a web server: it does not know this path, or its
        // address is wrong.
        if status == StatusCode::NOT_FOUND {
            let body = self.read_body(answer).await.unwrap_or_default();
            if serde_json::from_slice::<Envelope>(&body).is_err() {
                if operation.is_some() {
                    return CallFailure::unsupported(status.as_u16());
                }
                return CallFailure { cause: FailureCause::Unreadable, ..refusal };
            }
        }
        refusal
    }

    fn signal_from(&self, failure: Option<&CallFailure>) -> Signal {
        let Some(failure) = failure else { return Signal::Alive };
        if let Some(until) = failure.retry_after {
            return Signal::Hold { until };
        }
        match failure.cause {
            // The CRM would refuse every call.
            FailureCause::Refused if failure.status == Some(401) => {
                Signal::Hold { until: add_span(self.clock.now(), WRONG_KEY_PAUSE) }
            }
            FailureCause::Refused | FailureCause::Gone => Signal::Alive,
            FailureCause::Timeout
            | FailureCause::Connection
            | FailureCause::Throttled
            | FailureCause::Unavailable
            | FailureCause::Unreadable => Signal::Failed,
        }
    }
}

/// Parses `Retry-After` (RFC 9110, 10.2.3): seconds, or an HTTP date. Returns at most a day from now.
fn parse_retry_after(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    let at = if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        // A number with too many digits counts as the longest time.
        let seconds = text.parse::<i64>().unwrap_or(i64::MAX);
        add_span(now, SignedDuration::from_secs(seconds))
    } else {
        jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?
    };
    Some(at.clamp(now, add_span(now, RETRY_AFTER_MAX)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-03-15T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn retry_after_is_understood_in_seconds_and_as_a_date() {
        let in_two_minutes = Some("2026-03-15T12:02:00Z".parse().unwrap());
        assert_eq!(parse_retry_after("120", now()), in_two_minutes);
        assert_eq!(parse_retry_after("Sun, 15 Mar 2026 12:02:00 GMT", now()), in_two_minutes);
        assert_eq!(parse_retry_after("Sun, 15 Mar 2020 12:02:00 GMT", now()), Some(now()));
        assert_eq!(parse_retry_after("soon", now()), None);
        assert_eq!(parse_retry_after("", now()), None);
    }

    #[test]
    fn nobody_makes_us_wait_longer_than_a_day() {
        let tomorrow = "2026-03-16T12:00:00Z".parse().unwrap();
        assert_eq!(parse_retry_after("99999999999999999999999", now()), Some(tomorrow));
    }

    proptest! {
        #[test]
        fn no_retry_after_is_too_odd(text in ".{0,40}") {
            if let Some(at) = parse_retry_after(&text, now()) {
                prop_assert!(at >= now());
            }
        }
    }
}
