//! Reconciles credentials with the log after a crash, and deletes expired rows.

use domain::AccountId;
use domain::accounts::Account;
use uuid::Uuid;

use super::accounts::erasure::erase_stored_data;
use super::idempotency;
use super::messaging::attachments;
use super::problem::Problem;
use crate::app::App;
use crate::auth::{account_links, credentials, known_places, throttle};

/// Reconciles accounts that are pending for longer than any request runs, and deletes expired rows.
///
/// # Errors
/// `unavailable` without Postgres. The next run does the rest.
pub async fn clean_up(app: &App) -> Result<(), Problem> {
    let unsettled = sqlx::query!(
        r#"select account_id, unsettled_by as "mark!"
           from auth.credentials
           where unsettled_at < now() - interval '10 minutes'
           order by unsettled_at
           limit 1000"#,
    )
    .fetch_all(&app.pool)
    .await?;
    for row in unsettled {
        // One account that cannot be read must not keep the rows of all others.
        if let Err(problem) = reconcile_account(app, row.account_id.into(), row.mark).await {
            tracing::error!(account = %row.account_id, code = problem.code, "cannot reconcile an account");
        }
    }
    sqlx::query!("delete from auth.sessions where expires_at < now()").execute(&app.pool).await?;
    throttle::delete_full(&app.pool).await?;
    known_places::delete_expired(&app.pool).await?;
    attachments::store::delete_unused_files(app).await?;
    account_links::delete_expired(&app.pool, app.clock.now()).await?;
    idempotency::delete_expired(&app.pool, app.settings.idempotency_keep).await?;
    app.limits.forget_idle();
    Ok(())
}

/// Makes the credentials of one account agree with the log.
///
/// # Errors
/// `unavailable` without Postgres.
pub async fn reconcile_account(app: &App, account_id: AccountId, mark: Uuid) -> Result<(), Problem> {
    match &*app.account(account_id).await?.state {
        Account::Unregistered => credentials::erase(&app.pool, account_id).await?,
        Account::Erased { .. } => erase_stored_data(&app.pool, account_id).await?,
        Account::Registered(_) => {
            let current = async {
                let account = app.account(account_id).await?;
                Ok::<_, Problem>(account.state.person().and_then(|person| person.email.known().cloned()))
            };
            credentials::sync_email_keys(&app.pool, &app.keys, account_id, mark, current).await?;
        }
    }
    Ok(())
}
