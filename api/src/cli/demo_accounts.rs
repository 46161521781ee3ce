//! Gives the demo the accounts of the installation.

use async_trait::async_trait;
use demo::{Accounts, AccountsError, Registered};
use domain::accounts::{Account, AccountCommand, Email, Registration};
use domain::{AccountId, Context};
use secrecy::SecretString;
use uuid::Uuid;

use crate::auth::registration::{EnrolError, Enrolment};
use crate::auth::{Passwords, credentials};

/// Accounts as the demo uses them, over the registration service.
pub struct DemoAccounts<'a> {
    pub enrolment: Enrolment<'a>,
    pub passwords: &'a Passwords,
}

#[async_trait]
impl Accounts for DemoAccounts<'_> {
    fn next_id(&self) -> Uuid {
        self.enrolment.ids.next()
    }

    async fn register(
        &self,
        registration: Registration,
        password_hash: &str,
        context: Context,
    ) -> Result<Registered, AccountsError> {
        let enrolled = self.enrolment.enrol(registration, password_hash, context).await.map_err(failed)?;
        Ok(Registered {
            account_id: enrolled.account_id,
            position: enrolled.position,
            replayed: enrolled.replayed,
        })
    }

    async fn command(
        &self,
        account_id: AccountId,
        command: AccountCommand,
        context: Context,
    ) -> Result<u64, AccountsError> {
        self.enrolment.command(account_id, command, context).await.map_err(failed)
    }

    async fn change_email(
        &self,
        account_id: AccountId,
        email: &Email,
        context: Context,
    ) -> Result<u64, AccountsError> {
        self.enrolment.change_email(account_id, email, context).await.map_err(failed)
    }

    async fn load(&self, account_id: AccountId) -> Result<Account, AccountsError> {
        Ok(Account::clone(&self.enrolment.bus.load::<Account>(account_id).await?.state))
    }

    async fn replace_password(
        &self,
        account_id: AccountId,
        password: &SecretString,
        password_hash: &str,
    ) -> Result<bool, AccountsError> {
        let pool = self.enrolment.pool;
        let stored = credentials::password_hash(pool, account_id).await.map_err(other)?;
        let Some(old) = stored else { return Ok(false) };
        if self.passwords.verify(password, Some(old.clone())).await.map_err(other)?.is_right() {
            return Ok(false);
        }
        credentials::replace_password(pool, account_id, &old, password_hash).await.map_err(other)?;
        Ok(true)
    }
}

fn failed(error: EnrolError) -> AccountsError {
    match error {
        EnrolError::Dispatch(error) => AccountsError::Dispatch(error),
        EnrolError::Database(_) => other(error),
    }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> AccountsError {
    AccountsError::Other(Box::new(error))
}
