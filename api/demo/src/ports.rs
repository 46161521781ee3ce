//! Port to the accounts of the installation: registration, commands, passwords.

use std::error::Error;

use async_trait::async_trait;
use domain::accounts::{Account, AccountCommand, Email, Registration};
use domain::{AccountId, Command, CommandContext, DispatchError, Position};
use jiff::Timestamp;
use secrecy::SecretString;
use uuid::Uuid;

use super::DemoError;

/// Account that was registered, now or when the same command came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    pub account_id: AccountId,
    pub position: Position,
    /// The command had been carried out before; nothing was changed.
    pub replayed: bool,
}

/// Failure of a call of [`Accounts`].
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
    #[error(transparent)]
    Other(Box<dyn Error + Send + Sync>),
}

/// An empty log, into which commands are recorded as of past instants, in order of time.
pub trait PastLog {
    /// Records a command as of `at`. Returns `false` if a rule refuses it.
    ///
    /// # Errors
    /// [`DemoError::Past`] if the log does not take the command.
    fn record(&mut self, at: Timestamp, command: Command, context: CommandContext)
    -> Result<bool, DemoError>;
}

/// Accounts of the installation, with their credentials.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Returns a new id.
    fn next_id(&self) -> Uuid;

    /// Registers a person with the hash of their password.
    async fn register(
        &self,
        registration: Registration,
        password_hash: &str,
        context: CommandContext,
    ) -> Result<Registered, AccountsError>;

    /// Dispatches a command about a person; returns the position of its last event.
    async fn command(
        &self,
        account_id: AccountId,
        command: AccountCommand,
        context: CommandContext,
    ) -> Result<Position, AccountsError>;

    /// Changes the address of a person; returns the position of the event.
    async fn change_email(
        &self,
        account_id: AccountId,
        email: &Email,
        context: CommandContext,
    ) -> Result<Position, AccountsError>;

    /// Loads an account from the log.
    async fn load(&self, account_id: AccountId) -> Result<Account, AccountsError>;

    /// Stores the hash of the password; returns `false` if the account has that password already, or no
    /// credentials.
    async fn replace_password(
        &self,
        account_id: AccountId,
        password: &SecretString,
        password_hash: &str,
    ) -> Result<bool, AccountsError>;
}
