//! `POST /crm/users/{id}/reinstate`: lets a suspended person in again.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::AccountId;
use domain::accounts::AccountCommand;

use super::suspension::{Standing, SuspensionReason, change};
use crate::app::Shared;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Lets a suspended person in again.
/// Refusals: 403 `forbidden` for support about staff; 404 `account_not_found`;
/// 409 `account_not_suspended`, `account_erased`.
#[utoipa::path(
    post,
    path = "/crm/users/{id}/reinstate",
    operation_id = "crm_reinstate_user",
    tag = "crm",
    params(("id" = uuid::Uuid, Path)),
    request_body = SuspensionReason,
    responses((status = 200, body = Standing)),
)]
pub async fn reinstate(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<AccountId>,
    Json(request): Json<SuspensionReason>,
) -> Result<impl IntoResponse, Problem> {
    let command = AccountCommand::ReinstateAccount { reason: request.text()? };
    change(&app, &caller, &asking, id, command).await
}
