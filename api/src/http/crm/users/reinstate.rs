//! `POST /crm/users/{id}/reinstate`: ends the suspension of an account.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::AccountId;
use domain::accounts::AccountCommand;

use super::reason::ReasonRequest;
use super::suspension::{SuspensionStatus, change_suspension};
use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Ends the suspension of an account.
///
/// Refusals: 403 `forbidden` if support reinstates a member of staff; 404 `account_not_found`;
/// 409 `account_not_suspended`, `account_erased`.
#[utoipa::path(
    post,
    path = "/crm/users/{id}/reinstate",
    tag = "crm",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = ReasonRequest,
    responses((status = 200, body = SuspensionStatus)),
)]
pub async fn reinstate_user(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<AccountId>,
    Json(request): Json<ReasonRequest>,
) -> Result<impl IntoResponse, Problem> {
    let command = AccountCommand::ReinstateAccount { reason: request.parse_reason()? };
    change_suspension(&app, &caller, &invocation, id, command).await
}
