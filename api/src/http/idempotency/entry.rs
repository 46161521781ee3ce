//! Row of one idempotency key of one actor, with the stored response.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use commands::{LogReader, SealedBytes};
use domain::AccountId;
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use sqlx::PgPool;
use uuid::Uuid;

use super::{DoNotStore, IDEMPOTENCY_REPLAYED};
use crate::http::freshness::X_LOG_POSITION;
use crate::http::problem::Problem;

const STORED_HEADERS: [HeaderName; 4] =
    [header::CONTENT_TYPE, header::ETAG, header::LOCATION, X_LOG_POSITION];

/// Maximum wait of a second request for the first one, and its poll interval.
const WAIT_LIMIT: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Most keys of one account, and most bytes of stored responses, in one day. Without a stored response a
/// repetition is answered from the log.
const KEYS_PER_DAY: i64 = 20_000;
const BYTES_PER_DAY: i64 = 32 * 1024 * 1024;
const DAY: Duration = Duration::from_secs(86_400);

/// Row of one actor and key.
pub(super) struct IdempotencyRecord<'a> {
    pub(super) pool: &'a PgPool,
    pub(super) log: &'a LogReader,
    pub(super) actor: String,
    pub(super) key: String,
    pub(super) hash: Vec<u8>,
    /// Time after which an unfinished request no longer holds the key.
    pub(super) lease: Duration,
    /// Ids in the request; some may be of people.
    pub(super) named: BTreeSet<AccountId>,
}

pub(super) enum ClaimResult {
    /// The key is new.
    First,
    /// The key was used, but has no stored response. The handler runs again under the same command id.
    Unanswered,
    Answered(Response),
}

impl IdempotencyRecord<'_> {
    pub(super) async fn claim(&self) -> Result<ClaimResult, Problem> {
        let lease = self.lease.as_secs_f64();
        let claim = sqlx::query!(
            r#"with counted as (
                 insert into http.idempotency_use as u (actor, day, keys)
                 values ($1, current_date, 1)
                 on conflict (actor, day) do update set keys = u.keys + 1 where u.keys < $5
                 returning 1
               ), claimed as (
                 insert into http.idempotency (actor, key, request_hash, busy_until)
                 select $1, $2, $3, now() + make_interval(secs => $4)
                 where exists (select from counted)
                 on conflict do nothing
                 returning 1
               )
               select exists (select from counted) as "is_counted!", exists (select from claimed) as "is_first!""#,
            self.actor,
            self.key,
            self.hash,
            lease,
            self.keys_per_day(),
        )
        .fetch_one(self.pool)
        .await?;
        if claim.is_first {
            return Ok(ClaimResult::First);
        }
        let give_up = tokio::time::Instant::now() + WAIT_LIMIT;
        loop {
            let row = sqlx::query!(
                r#"select request_hash, coalesce(busy_until > now(), false) as "busy!", status, headers, body, subjects
                   from http.idempotency
                   where actor = $1 and key = $2"#,
                self.actor,
                self.key,
            )
            .fetch_optional(self.pool)
            .await?;
            let Some(row) = row else {
                return if claim.is_counted {
                    Ok(ClaimResult::Unanswered)
                } else {
                    Err(Problem::new("too_many_keys").retry_after(DAY))
                };
            };
            if row.request_hash != self.hash {
                return Err(Problem::new("idempotency_key_reused"));
            }
            if let Some(status) = row.status {
                let subjects = row.subjects.into_iter().map(AccountId).collect();
                let sealed = SealedBytes { subjects, data: row.body.unwrap_or_default() };
                return Ok(match self.log.open_bytes(&sealed).await? {
                    Some(body) => ClaimResult::Answered(replay_response(status, row.headers, body)),
                    // A person whom the answer names is erased.
                    None => ClaimResult::Unanswered,
                });
            }
            if !row.busy || tokio::time::Instant::now() >= give_up {
                return Ok(ClaimResult::Unanswered);
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Stores a final response and releases the claim.
    pub(super) async fn store(&self, response: Response) -> Result<Response, Problem> {
        let status = response.status();
        if response.extensions().get::<DoNotStore>().is_some() || !is_final(status) {
            self.release().await;
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        // A problem has no texts yet: they depend on the language of each request.
        let body = match parts.extensions.get::<Problem>() {
            Some(problem) => problem.to_stored().into(),
            None => body.collect().await.map_err(|_| Problem::new("internal"))?.to_bytes(),
        };
        let headers = stored_headers(&parts.headers);
        let mut named = self.named.clone();
        named.extend(ids_in(&body));
        let saved = match self.log.seal_bytes(&named, &body).await {
            Ok(Some(sealed)) => self.save(status, headers, sealed).await.map_err(Problem::from),
            // A person whom the answer names was erased meanwhile: a repetition is answered from the log.
            Ok(None) => Ok(false),
            Err(error) => Err(error.into()),
        };
        if !matches!(saved, Ok(true)) {
            self.release().await;
        }
        if let Err(error) = saved {
            // The command is committed under its id, so the response is valid without this row.
            tracing::warn!(error = error.code, "cannot store a response under its idempotency key");
        }
        Ok(Response::from_parts(parts, Body::from(body)))
    }

    /// Saves a sealed response. Returns `false` if the actor has stored enough for today.
    async fn save(
        &self,
        status: StatusCode,
        headers: Value,
        sealed: SealedBytes,
    ) -> Result<bool, sqlx::Error> {
        let subjects: Vec<Uuid> = sealed.subjects.iter().map(|subject| subject.uuid()).collect();
        let saved = sqlx::query!(
            "with counted as (
               insert into http.idempotency_use as u (actor, day, bytes)
               values ($1, current_date, $7)
               on conflict (actor, day) do update set bytes = u.bytes + $7 where u.bytes + $7 <= $8
               returning 1
             )
             update http.idempotency
             set status = $3, headers = $4, body = $5, subjects = $6, finished_at = now(), busy_until = null
             where actor = $1
               and key = $2
               and exists (select from counted)",
            self.actor,
            self.key,
            i16::try_from(status.as_u16()).expect("a status has three digits"),
            headers,
            &sealed.data,
            &subjects,
            i64::try_from(sealed.data.len()).unwrap_or(i64::MAX),
            BYTES_PER_DAY,
        )
        .execute(self.pool)
        .await?;
        Ok(saved.rows_affected() == 1)
    }

    /// Returns the most keys of a day. People without an account share one actor, and their networks are limited.
    fn keys_per_day(&self) -> i64 {
        if self.actor.parse::<AccountId>().is_ok() { KEYS_PER_DAY } else { i64::MAX }
    }

    async fn release(&self) {
        let released = sqlx::query!(
            "update http.idempotency set busy_until = null where actor = $1 and key = $2",
            self.actor,
            self.key,
        )
        .execute(self.pool)
        .await;
        if let Err(error) = released {
            tracing::warn!(%error, "cannot release an idempotency key; its lease expires");
        }
    }
}

/// Returns the ids in a text. Which of them are of people, the subject keys tell.
pub(super) fn ids_in(text: &[u8]) -> BTreeSet<AccountId> {
    const LENGTH: usize = 36;
    let mut ids = BTreeSet::new();
    let mut from = 0;
    while let Some(window) = text.get(from..from + LENGTH) {
        let id = if window[8] == b'-' { Uuid::try_parse_ascii(window).ok() } else { None };
        from += if id.is_some() { LENGTH } else { 1 };
        ids.extend(id.map(AccountId));
    }
    ids
}

/// Returns true if a repetition must get the same response. Success and refusals by a rule are final.
/// Missing permission, rate limits and faults are not.
pub(in crate::http) fn is_final(status: StatusCode) -> bool {
    status.is_success()
        || matches!(status, StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY)
}

fn stored_headers(headers: &HeaderMap) -> Value {
    let kept = STORED_HEADERS.into_iter().filter_map(|name| {
        let text = headers.get(&name)?.to_str().ok()?;
        Some((name.to_string(), Value::from(text)))
    });
    Value::Object(kept.collect::<Map<_, _>>())
}

fn replay_response(status: i16, headers: Option<Value>, body: Vec<u8>) -> Response {
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.unwrap_or(StatusCode::OK);
    let mut response = match Problem::from_stored(status, &body) {
        Some(problem) => problem.into_response(),
        None => (status, Body::from(body)).into_response(),
    };
    for (name, value) in headers.as_ref().and_then(Value::as_object).into_iter().flatten() {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_str(value.as_str().unwrap_or_default());
        if let (Ok(name), Ok(value)) = (name, value) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    response
}
