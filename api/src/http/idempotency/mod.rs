//! `Idempotency-Key` on POST: a repetition of a request gets the first response.
//!
//! There are two layers of protection. The key becomes the command id, so the log appends nothing twice,
//! even if this OS process dies between commit and response. The first response is stored, so that a
//! repetition gets it unchanged. It is sealed under the keys of all people whose ids are in the request or the
//! response, so that it cannot be read after the erasure of one of them. A response with a token is not stored:
//! the handler builds it again from the first receipt.

mod entry;

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use domain::{AccountId, CommandId};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::caller::Caller;
use super::problem::Problem;
use crate::app::AppState;
use crate::auth::keys::Purpose;
pub(in crate::http) use entry::is_final;
use entry::{ClaimResult, IdempotencyRecord, ids_in};

pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Command ids of keyed requests are UUIDv5 in this namespace.
const NAMESPACE: Uuid = Uuid::from_u128(0x6b61_6665_6472_4a61_8000_6964_656d_706f);
const ANONYMOUS: &str = "anonymous";

/// Command id of a request with a key, in the extensions of the request.
#[derive(Clone, Copy, Debug)]
pub struct IdempotentCommand {
    pub command_id: CommandId,
}

/// Marks a response that must not be stored because it has a secret. It is in the extensions.
#[derive(Clone, Copy, Debug)]
pub struct DoNotStore;

/// Middleware that replays a stored response, or stores the first one. It runs after authentication.
pub async fn replay_or_store(
    State(app): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Some(key) = read_key(&request)? else { return Ok(next.run(request).await) };
    let (parts, body) = request.into_parts();
    let is_file = parts.uri.path().ends_with("/attachments");
    let limit = if is_file { app.settings.upload_limit_bytes } else { app.settings.body_limit_bytes };
    let body = read_body(body, limit).await?;
    let request_line = [parts.method.as_str(), &parts.uri.to_string()].join(" ");
    let hash = app.keys.hash(Purpose::IdempotentRequest, &[request_line.as_bytes(), &body]);
    let actor = match parts.extensions.get::<Caller>() {
        Some(caller) => caller.account_id.to_string(),
        // Strangers do not share keys: only the same request has the same key.
        None => format!("{ANONYMOUS}:{}", hex::encode(&hash)),
    };
    let mut named = ids_in(&body);
    named.extend(ids_in(request_line.as_bytes()));
    named.extend(parts.extensions.get::<Caller>().map(|caller| caller.account_id));
    let record = IdempotencyRecord {
        pool: &app.pool,
        log: app.bus.log(),
        actor,
        key,
        hash,
        lease: app.settings.request_timeout,
        named,
    };

    let seen_before = match record.claim().await? {
        ClaimResult::First => false,
        ClaimResult::Unanswered => true,
        ClaimResult::Answered(answer) => return Ok(answer),
    };
    let command_id = CommandId::derived(
        NAMESPACE,
        &format!("{}\n{}\n{}", record.actor, record.key, hex::encode(&record.hash)),
    );
    let mut request = Request::from_parts(parts, Body::from(body));
    request.extensions_mut().insert(IdempotentCommand { command_id });
    let mut response = record.store(next.run(request).await).await?;
    if seen_before && is_final(response.status()) {
        response.headers_mut().insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Returns the key of a POST request.
fn read_key(request: &Request) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get(IDEMPOTENCY_KEY).filter(|_| request.method() == Method::POST)
    else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if !key.trim().is_empty() && key.len() <= 255 => Ok(Some(key.trim().to_owned())),
        Ok(_) | Err(_) => Err(Problem::new("malformed_header")),
    }
}

async fn read_body(body: Body, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new("body_too_large")),
        Err(_) => Err(Problem::new("malformed_request")),
    }
}

/// Deletes responses that are older than `keep`.
///
/// # Errors
/// [`sqlx::Error`] without Postgres.
pub async fn delete_expired(pool: &PgPool, keep: Duration) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from http.idempotency where created_at < now() - make_interval(secs => $1)",
        keep.as_secs_f64(),
    )
    .execute(pool)
    .await?;
    sqlx::query!("delete from http.idempotency_use where day < current_date - 1").execute(pool).await?;
    Ok(done.rows_affected())
}

/// Deletes the stored responses to an erased account.
///
/// # Errors
/// [`sqlx::Error`] without Postgres.
pub async fn erase(db: &mut PgConnection, account_id: AccountId) -> Result<(), sqlx::Error> {
    let actor = account_id.to_string();
    sqlx::query!("delete from http.idempotency where actor = $1", actor).execute(&mut *db).await?;
    sqlx::query!("delete from http.idempotency_use where actor = $1", actor).execute(db).await?;
    Ok(())
}
