//! `POST /admin/accounts/{id}/roles`: grants or revokes a staff role.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::{AccountCommand, Lines, bounded_text};
use domain::{AccountId, Command, Dispatch, Role};
use serde::{Deserialize, Serialize};

use crate::app::AppState;
use crate::http::body::Json;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// A role to grant or revoke, with the reason.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRoleRequest {
    #[schema(value_type = String)]
    role: Role,
    action: RoleAction,
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleAction {
    Grant,
    Revoke,
}

/// Roles of an account after the change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AccountRoles {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
}

/// Grants or revokes a role.
///
/// The change takes effect with the next request in every OS process.
/// The roles of the caller are changed by another admin.
/// Refusals: 403 `own_roles`; 404 for an unknown account; 409 `role_not_held`, `last_role`.
#[utoipa::path(
    post,
    path = "/admin/accounts/{id}/roles",
    tag = "admin",
    params(Invocation, ("id" = uuid::Uuid, Path)),
    request_body = ChangeRoleRequest,
    responses((status = 200, body = AccountRoles)),
)]
pub async fn change_role(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    Path(id): Path<AccountId>,
    Json(change): Json<ChangeRoleRequest>,
) -> Result<impl IntoResponse, Problem> {
    if caller.account_id == id {
        return Err(Problem::new("own_roles"));
    }
    let reason = bounded_text(&change.reason, 500, Lines::Single)
        .map_err(|error| Problem::field("/reason", error.code()))?;
    let command = match change.action {
        RoleAction::Grant => AccountCommand::GrantRole { role: change.role, reason },
        RoleAction::Revoke => AccountCommand::RevokeRole { role: change.role, reason },
    };
    let receipt = app.bus.dispatch(Command::Account(id, command), invocation.context()).await?;
    let account = app.account(id).await?;
    let person = account.state.person().ok_or_else(Problem::not_found)?;
    let roles = AccountRoles { id, roles: person.roles.iter().copied().collect() };
    Ok((LogPosition(receipt.position), ETag(account.version), Answer(roles)))
}
