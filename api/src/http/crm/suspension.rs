//! `POST /crm/users/{id}/suspend`, `/reinstate`: somebody is kept out for a reason, and let in again.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, bounded_text};
use domain::{AccountId, Command, Dispatch, Reason, Role};
use serde::{Deserialize, Serialize};

use crate::app::{App, Shared};
use crate::auth::{calendar_feed, session};
use crate::http::accounts::view::Status;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Why; kept in the log, shown in the timeline.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspensionReason {
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Whether the person may come in now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Standing {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    status: Status,
}

/// Keeps a person out from the next request on, ends their sessions and closes their calendar feed.
///
/// Of somebody who is suspended already: success, nothing happens, and the first reason stands.
/// Refusals: 403 `forbidden` for support about staff; 404 `account_not_found`; 409 `account_erased`.
#[utoipa::path(
    post,
    path = "/crm/users/{id}/suspend",
    operation_id = "crm_suspend_user",
    tag = "crm",
    params(("id" = uuid::Uuid, Path)),
    request_body = SuspensionReason,
    responses((status = 200, body = Standing)),
)]
pub async fn suspend(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    Path(id): Path<AccountId>,
    Json(request): Json<SuspensionReason>,
) -> Result<impl IntoResponse, Problem> {
    let command = AccountCommand::SuspendAccount { reason: request.text()? };
    let answer = change(&app, &caller, &asking, id, command).await?;
    session::end_others(&app.pool, id, None).await?;
    calendar_feed::revoke(&app.pool, id).await?;
    Ok(answer)
}

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

impl SuspensionReason {
    fn text(&self) -> Result<String, Problem> {
        bounded_text(&self.reason, 500, true).map_err(|error| Problem::field("/reason", error.code()))
    }
}

async fn change(
    app: &App,
    caller: &Caller,
    asking: &Asking,
    id: AccountId,
    command: AccountCommand,
) -> Result<(LogPosition, Version, Answer<Standing>), Problem> {
    expect_in_reach(app, caller, id).await?;
    let receipt = app.bus.dispatch(Command::Account(id, command), asking.context()).await?;
    let account = app.account(id).await?;
    let person = account.state.person().ok_or_else(Problem::not_found)?;
    let status = if person.suspended { Status::Suspended } else { Status::Active };
    Ok((LogPosition(receipt.position), Version(account.version), Answer(Standing { id, status })))
}

/// Staff are suspended and reinstated by admins only.
async fn expect_in_reach(app: &App, caller: &Caller, id: AccountId) -> Result<(), Problem> {
    if caller.has(Role::Admin) {
        return Ok(());
    }
    let account = app.account(id).await?;
    match account.state.person() {
        Some(person) if person.roles.iter().any(|role| role.is_staff()) => {
            Err(Problem::new("forbidden").because(Reason::rule("staff_account")))
        }
        Some(_) | None => Ok(()),
    }
}
