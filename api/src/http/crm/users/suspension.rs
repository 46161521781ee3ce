//! Shared by suspension and reinstatement: the reason, the answer, the command.

use axum::Json as Answer;
use domain::accounts::{AccountCommand, Lines, bounded_text};
use domain::{AccountId, Command, Dispatch, Reason, Role};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::http::accounts::view::Status;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
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

impl SuspensionReason {
    pub(super) fn text(&self) -> Result<String, Problem> {
        bounded_text(&self.reason, 500, Lines::Multi).map_err(|error| Problem::field("/reason", error.code()))
    }
}

pub(super) async fn change(
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
