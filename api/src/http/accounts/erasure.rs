//! Forgets a person: the event that destroys their key, and what is kept of them outside the log.

use domain::accounts::AccountCommand;
use domain::{AccountId, Command, Context, Dispatch};

use crate::app::App;
use crate::auth::credentials;
use crate::http::problem::Problem;

/// Erases an account, whoever asks for it; gives the position of the event. Of somebody who is erased
/// already only what may be left of them outside the log is deleted.
///
/// # Errors
/// There is no such account, or Postgres is away: what a crash leaves undone here, the sweep does.
pub async fn erase_account(
    app: &App,
    account_id: AccountId,
    reason: String,
    context: Context,
) -> Result<u64, Problem> {
    credentials::mark_pending(&app.pool, account_id, app.ids.next()).await?;
    let command = Command::Account(account_id, AccountCommand::EraseAccount { reason });
    let receipt = app.bus.dispatch(command, context).await?;
    credentials::purge(&app.pool, account_id).await?;
    Ok(receipt.position)
}
