//! Verifies the password before sensitive changes, and limits the rate of attempts.

use domain::AccountId;
use secrecy::SecretString;

use crate::app::App;
use crate::auth::credentials;
use crate::auth::password::PasswordMatch;
use crate::auth::throttle::{self, Bucket, Rate};
use crate::http::caller::Caller;
use crate::http::problem::Problem;

/// Verifies the current password and returns its stored hash. Attempts of one
/// session are counted together, so strangers who try to sign in do not keep its owner out.
///
/// # Errors
/// `wrong_password` if it differs; `too_many_attempts` after too many attempts.
pub async fn verify_password(app: &App, caller: &Caller, password: &SecretString) -> Result<String, Problem> {
    let bucket = Bucket::PasswordOfSession(caller.session_id);
    let rate = SignInRate::from_settings(app);
    rate.take_attempt(app, bucket).await?;
    let stored = credentials::password_hash(&app.pool, caller.account_id).await?;
    match (app.passwords.verify(password, stored.clone()).await?, stored) {
        (PasswordMatch::Right { .. }, Some(stored)) => {
            rate.return_attempt(app, bucket).await?;
            Ok(stored)
        }
        (PasswordMatch::Right { .. } | PasswordMatch::Wrong, _) => Err(Problem::new("wrong_password")),
    }
}

/// Hashes a correct password again with the current parameters. Returns the hash that is stored now; `None` if
/// another request has changed the password.
pub async fn rehash_password(
    app: &App,
    account_id: AccountId,
    stored: &str,
    password: &SecretString,
) -> Result<Option<String>, Problem> {
    let hash = app.passwords.hash(password).await?;
    let replaced = credentials::replace_password(&app.pool, account_id, stored, &hash).await?;
    Ok(replaced.then_some(hash))
}

/// Rate at which a password may be tried.
#[derive(Clone, Copy, Debug)]
pub struct SignInRate(Rate);

impl SignInRate {
    pub fn from_settings(app: &App) -> Self {
        let limits = &app.settings.limits;
        Self(Rate { per_minute: limits.sign_in_per_minute, burst: limits.sign_in_burst })
    }

    /// # Errors
    /// `too_many_attempts` (429) after too many attempts.
    pub async fn take_attempt(self, app: &App, bucket: Bucket<'_>) -> Result<(), Problem> {
        match throttle::take_token(&app.pool, &app.keys, bucket, self.0).await? {
            None => Ok(()),
            Some(pause) => Err(Problem::new("too_many_attempts").retry_after(pause)),
        }
    }

    pub async fn return_attempt(self, app: &App, bucket: Bucket<'_>) -> Result<(), Problem> {
        Ok(throttle::return_token(&app.pool, &app.keys, bucket, self.0).await?)
    }
}
