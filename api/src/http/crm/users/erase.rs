//! `DELETE /crm/users/{id}`: erases the account of another person.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::{Lines, bounded_text};
use domain::{AccountId, Reason};
use serde::Deserialize;

use crate::app::AppState;
use crate::http::accounts::erasure::erase_account;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::LogPosition;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Reason of the erasure. It stays in the log for ever, so it must have no personal data.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseUserRequest {
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Erases the account of another person.
///
/// The effect is that of `DELETE /me`. It cannot be undone.
/// Idempotent: if the account is already erased, returns 204 and changes nothing.
/// Refusals: 403 `forbidden` for the caller's own account, because `DELETE /me` requires the password;
/// 404 `account_not_found`.
#[utoipa::path(
    delete,
    path = "/crm/users/{id}",
    tag = "crm",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = EraseUserRequest,
    responses((status = 204)),
)]
pub async fn erase_user(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<AccountId>,
    Json(request): Json<EraseUserRequest>,
) -> Result<impl IntoResponse, Problem> {
    let reason = bounded_text(&request.reason, 500, Lines::Multi)
        .map_err(|error| Problem::field("/reason", error.code()))?;
    if id == caller.account_id {
        return Err(Problem::new("forbidden").with_reason(Reason::rule("own_account")));
    }
    let position = erase_account(&app, id, reason, invocation.context()).await?;
    Ok((StatusCode::NO_CONTENT, LogPosition(position), ()))
}
