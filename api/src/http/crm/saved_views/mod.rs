//! Saved views: named queries of tickets, private or shared by all agents.

use domain::AccountId;
use sqlx::PgConnection;

pub mod change;
pub mod create;
pub mod delete;
pub mod list;
pub mod view;

/// Deletes the views of an erased account.
///
/// # Errors
/// [`sqlx::Error`] without Postgres.
pub async fn erase(db: &mut PgConnection, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from desk.views where owner = $1", account_id.uuid()).execute(db).await?;
    Ok(())
}
