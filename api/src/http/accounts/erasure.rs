//! Erases a person: destroys the subject key, and deletes the data outside the log.

use domain::accounts::AccountCommand;
use domain::{AccountId, Command, CommandContext, Dispatch, Position};
use sqlx::PgPool;

use super::avatars;
use crate::app::App;
use crate::auth::{calendar_feed, credentials, session};
use crate::http::crm::saved_views;
use crate::http::idempotency;
use crate::http::messaging::attachments;
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
) -> Result<Position, Problem> {
    credentials::mark_pending(&app.pool, account_id, app.ids.next()).await?;
    let command = Command::Account(account_id, AccountCommand::EraseAccount { reason });
    let receipt = app.bus.dispatch(command, context).await?;
    erase_stored_data(&app.pool, account_id).await?;
    Ok(receipt.position)
}

/// Deletes all data of an erased account that is stored outside the log, in one transaction.
///
/// # Errors
/// [`sqlx::Error`] without Postgres; then nothing is deleted.
pub async fn erase_stored_data(pool: &PgPool, account_id: AccountId) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin().await?;
    session::erase(&mut transaction, account_id).await?;
    calendar_feed::revoke(&mut *transaction, account_id).await?;
    saved_views::erase(&mut transaction, account_id).await?;
    avatars::erase(&mut transaction, account_id).await?;
    attachments::store::erase(&mut transaction, account_id).await?;
    idempotency::erase(&mut transaction, account_id).await?;
    credentials::erase(&mut *transaction, account_id).await?;
    transaction.commit().await
}
