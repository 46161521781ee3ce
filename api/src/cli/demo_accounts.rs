//! Gives the demo the accounts of the installation.

use async_trait::async_trait;
use demo::{Accounts, AccountsError, Registered};
use domain::accounts::{Account, AccountCommand, Email, Registration};
use domain::{AccountId, CommandContext, Position};
use secrecy::SecretString;
use uuid::Uuid;

use crate::auth::registration::{RegistrationError, RegistrationService};
use crate::auth::{Passwords, credentials};

/// Accounts as the demo uses them, over the registration service.
pub struct DemoAccounts<'a> {
    pub registration: RegistrationService<'a>,
    pub passwords: &'a Passwords,
}

#[async_trait]
impl Accounts for DemoAccounts<'_> {
    fn next_id(&self) -> Uuid {
        self.registration.ids.next()
    }

    async fn register(
        &self,
        registration: Registration,
        password_hash: &str,
        context: CommandContext,
    ) -> Result<Registered, AccountsError> {
        let registered =
            self.registration.register(registration, password_hash, context).await.map_err(failed)?;
        Ok(Registered {
            account_id: registered.account_id,
            position: registered.position,
            replayed: registered.replayed,
        })
    }

    async fn command(
        &self,
        account_id: AccountId,
        command: AccountCommand,
        context: CommandContext,
    ) -> Result<Position, AccountsError> {
        self.registration.dispatch(account_id, command, context).await.map_err(failed)
    }

    async fn change_email(
        &self,
        account_id: AccountId,
        email: &Email,
        context: CommandContext,
    ) -> Result<Position, AccountsError> {
        self.registration.change_email(account_id, email, context).await.map_err(failed)
    }

    async fn load(&self, account_id: AccountId) -> Result<Account, AccountsError> {
        Ok(Account::clone(&self.registration.bus.load::<Account>(account_id).await?.state))
    }

    async fn replace_password(
        &self,
        account_id: AccountId,
        password: &SecretString,
        password_hash: &str,
    ) -> Result<bool, AccountsError> {
        let pool = self.registration.pool;
        let stored = credentials::password_hash(pool, account_id).await.map_err(other)?;
        let Some(old) = stored else { return Ok(false) };
        if self.passwords.verify(password, Some(old.clone())).await.map_err(other)?.is_right() {
            return Ok(false);
        }
        credentials::replace_password(pool, account_id, &old, password_hash).await.map_err(other)?;
        Ok(true)
    }
}

fn failed(error: RegistrationError) -> AccountsError {
    match error {
        RegistrationError::Dispatch(error) => AccountsError::Dispatch(error),
        RegistrationError::Database(_) => other(error),
    }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> AccountsError {
    AccountsError::Other(Box::new(error))
}
