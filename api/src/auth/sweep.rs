//! Cleans up what a crash left between the credentials and the log, and what has run out.

use domain::AccountId;
use domain::accounts::Account;

use super::{credentials, throttle};
use crate::app::App;
use crate::http::idempotency;
use crate::http::problem::Problem;

/// Settles every account whose registration or erasure was interrupted more than an hour ago: longer
/// than any request is under way.
///
/// # Errors
/// Postgres is away; what is left is left for the next time.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    let unsettled = sqlx::query_scalar!(
        "select account_id
         from auth.credentials
         where (not registered and created_at < now() - interval '1 hour')
           or erasing_at < now() - interval '1 hour'
         order by created_at
         limit 1000",
    )
    .fetch_all(&app.pool)
    .await?;
    for account_id in unsettled.into_iter().map(AccountId::from) {
        settle(app, account_id).await?;
    }
    sqlx::query!("delete from auth.sessions where expires_at < now()").execute(&app.pool).await?;
    throttle::forget(&app.pool).await?;
    idempotency::forget(&app.pool, app.settings.idempotency_keep).await?;
    app.limits.forget_idle();
    Ok(())
}

/// Makes the rows of one account agree with the log.
pub async fn settle(app: &App, account_id: AccountId) -> Result<(), Problem> {
    match &*app.account(account_id).await?.state {
        Account::Unregistered => credentials::remove(&app.pool, account_id).await?,
        Account::Erased { .. } => credentials::purge(&app.pool, account_id).await?,
        Account::Registered(_) => {
            sqlx::query!(
                "update auth.credentials set registered = true, erasing_at = null where account_id = $1",
                account_id.uuid(),
            )
            .execute(&app.pool)
            .await?;
        }
    }
    Ok(())
}
