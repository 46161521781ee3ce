//! Verifies the password before sensitive changes, and limits the rate of attempts.

use domain::AccountId;
use domain::accounts::Email;
use secrecy::SecretString;

use crate::app::App;
use crate::auth::credentials;
use crate::auth::password::PasswordMatch;
use crate::auth::throttle::{self, Rate, Scope};
use crate::http::caller::Caller;
use crate::http::problem::Problem;

/// Verifies the current password and returns its stored hash. An attempt counts like a sign-in.
///
/// # Errors
/// `wrong_password` if it differs; `too_many_attempts` after too many attempts.
pub async fn verify_password(app: &App, caller: &Caller, password: &SecretString) -> Result<String, Problem> {
    let who = caller.person.email.known().map(Email::normalized).unwrap_or_default();
    let rate = SignInRate::from_settings(app);
    rate.take_attempt(app, Scope::SignInOfAccount, &who).await?;
    let stored = credentials::password_hash(&app.pool, caller.account_id).await?;
    match (app.passwords.verify(password, stored.clone()).await?, stored) {
        (PasswordMatch::Right { .. }, Some(stored)) => {
            rate.return_attempt(app, Scope::SignInOfAccount, &who).await?;
            Ok(stored)
        }
        (PasswordMatch::Right { .. } | PasswordMatch::Wrong, _) => Err(Problem::new("wrong_password")),
    }
}

/// Hashes a correct password again with the current parameters.
pub async fn rehash_password(
    app: &App,
    account_id: AccountId,
    stored: &str,
    password: &SecretString,
) -> Result<(), Problem> {
    let hash = app.passwords.hash(password).await?;
    credentials::replace_password(&app.pool, account_id, stored, &hash).await?;
    Ok(())
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
    pub async fn take_attempt(self, app: &App, scope: Scope, who: &str) -> Result<(), Problem> {
        match throttle::take_token(&app.pool, &app.keys, scope, who, self.0).await? {
            None => Ok(()),
            Some(pause) => Err(Problem::new("too_many_attempts").retry_after(pause)),
        }
    }

    pub async fn return_attempt(self, app: &App, scope: Scope, who: &str) -> Result<(), Problem> {
        Ok(throttle::return_token(&app.pool, &app.keys, scope, who, self.0).await?)
    }
}
