//! Erases a person: destroys the subject key, and deletes the data outside the log.

use domain::accounts::AccountCommand;
use domain::{AccountId, Command, CommandContext, Dispatch};

use crate::app::App;
use crate::auth::credentials;
use crate::http::problem::Problem;

/// Erases an account and returns the position of the event.
/// If the account is already erased, deletes only what remains outside the log.
///
/// # Errors
/// `account_not_found`, or `unavailable` without Postgres. The cleanup finishes what a crash leaves undone.
pub async fn erase_account(
    app: &App,
    account_id: AccountId,
    reason: String,
    context: CommandContext,
) -> Result<u64, Problem> {
    credentials::mark_pending(&app.pool, account_id, app.ids.next()).await?;
    let command = Command::Account(account_id, AccountCommand::EraseAccount { reason });
    let receipt = app.bus.dispatch(command, context).await?;
    credentials::purge(&app.pool, account_id).await?;
    Ok(receipt.position)
}
