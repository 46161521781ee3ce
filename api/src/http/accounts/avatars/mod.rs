//! Pictures of accounts.

use domain::AccountId;
use sqlx::PgConnection;

pub mod get;
pub mod put;

/// Deletes the pictures of an erased account.
///
/// # Errors
/// [`sqlx::Error`] without Postgres.
pub async fn erase(db: &mut PgConnection, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from objects.blobs where owner = $1", account_id.uuid()).execute(db).await?;
    Ok(())
}
