//! Response and command of suspension and reinstatement.

use axum::Json as Answer;
use domain::accounts::AccountCommand;
use domain::{AccountId, Command, Dispatch, Reason, Role};
use serde::Serialize;

use crate::app::App;
use crate::http::accounts::view::AccountStatusView;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::Problem;

/// Status of the account after the change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SuspensionStatus {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    status: AccountStatusView,
}

pub(super) async fn change_suspension(
    app: &App,
    caller: &Caller,
    invocation: &Invocation,
    id: AccountId,
    command: AccountCommand,
) -> Result<(LogPosition, ETag, Answer<SuspensionStatus>), Problem> {
    require_manageable(app, caller, id).await?;
    let receipt = app.bus.dispatch(Command::Account(id, command), invocation.context()).await?;
    let account = app.account(id).await?;
    let person = account.state.person().ok_or_else(Problem::not_found)?;
    let status = if person.suspended { AccountStatusView::Suspended } else { AccountStatusView::Active };
    Ok((LogPosition(receipt.position), ETag(account.version), Answer(SuspensionStatus { id, status })))
}

/// Checks that the caller may suspend, reinstate or correct the account. Staff accounts need an admin.
///
/// # Errors
/// `forbidden` for a staff account, if the caller is no admin.
pub(super) async fn require_manageable(app: &App, caller: &Caller, id: AccountId) -> Result<(), Problem> {
    if caller.has_role(Role::Admin) {
        return Ok(());
    }
    let account = app.account(id).await?;
    match account.state.person() {
        Some(person) if person.roles.iter().any(|role| role.is_staff()) => {
            Err(Problem::new("forbidden").with_reason(Reason::rule("staff_account")))
        }
        Some(_) | None => Ok(()),
    }
}
