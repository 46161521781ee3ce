//! `POST /crm/users/{id}/suspend`: suspends an account.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::AccountId;
use domain::accounts::AccountCommand;

use super::reason::ReasonRequest;
use super::suspension::{SuspensionStatus, change_suspension};
use crate::app::AppState;
use crate::auth::{calendar_feed, session};
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Suspends an account.
///
/// The suspension takes effect with the next request. It ends all sessions and revokes the calendar feed.
/// Idempotent: if the account is already suspended, returns 200 and keeps the first reason.
/// Refusals: 403 `forbidden` if support suspends a member of staff; 404 `account_not_found`;
/// 409 `account_erased`.
#[utoipa::path(
    post,
    path = "/crm/users/{id}/suspend",
    tag = "crm",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = ReasonRequest,
    responses((status = 200, body = SuspensionStatus)),
)]
pub async fn suspend_user(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<AccountId>,
    Json(request): Json<ReasonRequest>,
) -> Result<impl IntoResponse, Problem> {
    let command = AccountCommand::SuspendAccount { reason: request.parse_reason()? };
    let answer = change_suspension(&app, &caller, &invocation, id, command).await?;
    session::delete_others(&app.pool, id, None).await?;
    calendar_feed::revoke(&app.pool, id).await?;
    Ok(answer)
}
