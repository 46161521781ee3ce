//! Tokens of calendar feeds: the bearer reads one person's calendar. Only a hash is stored.

use domain::AccountId;
use sqlx::{PgExecutor, PgPool};

use super::session::Token;

/// Gives a person's feed a new token; the previous token becomes invalid.
pub async fn rotate(pool: &PgPool, account_id: AccountId, token: &Token) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into auth.calendar_feeds (account_id, token_hash)
         values ($1, $2)
         on conflict (account_id) do update set token_hash = excluded.token_hash, created_at = now()",
        account_id.uuid(),
        token.hash(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Returns the account whose calendar the token allows to read.
pub async fn find(pool: &PgPool, token: &Token) -> Result<Option<AccountId>, sqlx::Error> {
    let found =
        sqlx::query_scalar!("select account_id from auth.calendar_feeds where token_hash = $1", token.hash())
            .fetch_optional(pool)
            .await?;
    Ok(found.map(AccountId::from))
}

/// Deletes a person's feed.
pub async fn revoke(db: impl PgExecutor<'_>, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from auth.calendar_feeds where account_id = $1", account_id.uuid())
        .execute(db)
        .await?;
    Ok(())
}
