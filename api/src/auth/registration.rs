//! Registration of people, with their credentials: over HTTP, at the command line, and for the demo.
//! Credentials are written before the event, so that every registered person can sign in.

use commands::Bus;
use domain::accounts::{Account, AccountCommand, Email, Registration};
use domain::{AccountId, Command, CommandContext, Dispatch, DispatchError, Ids, Position};
use sqlx::PgPool;

use super::{DerivedKeys, credentials};

/// Registers people and changes their accounts together with their credentials.
#[derive(Clone, Copy)]
pub struct RegistrationService<'a> {
    pub pool: &'a PgPool,
    pub bus: &'a Bus,
    pub keys: &'a DerivedKeys,
    pub ids: &'a dyn Ids,
}

/// Account that was registered, now or when the same command came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisteredAccount {
    pub account_id: AccountId,
    pub position: Position,
    /// The command had been carried out before; nothing was changed.
    pub replayed: bool,
}

/// Failure to register or change a person.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

impl RegistrationService<'_> {
    /// Registers a person with the hash of their password: credentials first, then the event.
    ///
    /// # Errors
    /// [`RegistrationError::Dispatch`] if a rule refuses it (`email_taken`, `nickname_taken`),
    /// [`RegistrationError::Database`] if Postgres is unavailable.
    pub async fn register(
        &self,
        registration: Registration,
        password_hash: &str,
        context: CommandContext,
    ) -> Result<RegisteredAccount, RegistrationError> {
        let fresh = registration.account_id;
        let (email, pending_token) = (&registration.email, self.ids.next());
        credentials::insert_pending(self.pool, self.keys, fresh, email, password_hash, pending_token).await?;
        let command = Command::Account(fresh, AccountCommand::RegisterAccount(registration));
        let receipt = match self.bus.dispatch(command, context).await {
            Ok(receipt) => receipt,
            Err(error) => {
                // If the log is unavailable, it may have the event; then the cleanup reconciles the account.
                if !matches!(error, DispatchError::Unavailable(_)) {
                    credentials::erase(self.pool, fresh).await?;
                }
                return Err(error.into());
            }
        };
        let first = receipt.streams.first().and_then(|first| first.stream.aggregate_id.parse().ok());
        let account_id = first.unwrap_or(fresh);
        if account_id == fresh {
            credentials::confirm(self.pool, fresh, pending_token).await?;
        } else {
            credentials::erase(self.pool, fresh).await?;
        }
        Ok(RegisteredAccount { account_id, position: receipt.position, replayed: receipt.replayed })
    }

    /// Dispatches a command about a person; returns the position of its last event.
    ///
    /// # Errors
    /// [`RegistrationError::Dispatch`] if a rule refuses it or the log is unavailable.
    pub async fn dispatch(
        &self,
        account_id: AccountId,
        command: AccountCommand,
        context: CommandContext,
    ) -> Result<Position, RegistrationError> {
        Ok(self.bus.dispatch(Command::Account(account_id, command), context).await?.position)
    }

    /// Changes a person's address. At every instant the old or the new address can sign in.
    ///
    /// # Errors
    /// [`RegistrationError::Dispatch`] if another account has the address, [`RegistrationError::Database`] if
    /// Postgres is unavailable.
    pub async fn change_email(
        &self,
        account_id: AccountId,
        email: &Email,
        context: CommandContext,
    ) -> Result<Position, RegistrationError> {
        let pending_token = self.ids.next();
        credentials::mark_pending(self.pool, account_id, pending_token).await?;
        credentials::add_email(self.pool, self.keys, account_id, email).await?;
        let command = AccountCommand::ChangeEmail { email: email.clone() };
        let position = self.dispatch(account_id, command, context).await?;
        let current = async {
            let account = self.bus.load::<Account>(account_id).await?;
            Ok::<_, RegistrationError>(
                account.state.person().and_then(|person| person.email.known().cloned()),
            )
        };
        credentials::sync_email_keys(self.pool, self.keys, account_id, pending_token, current).await?;
        Ok(position)
    }

    /// Returns the account that has this address now.
    ///
    /// # Errors
    /// [`RegistrationError::Database`] if Postgres is unavailable.
    pub async fn find_by_email(&self, email: &Email) -> Result<Option<AccountId>, RegistrationError> {
        for candidate in credentials::candidates(self.pool, self.keys, email).await? {
            let account = self.bus.load::<Account>(candidate.account_id).await?;
            let has = account.state.person().and_then(|person| person.email.known());
            if has.is_some_and(|has| has.normalized() == email.normalized()) {
                return Ok(Some(candidate.account_id));
            }
        }
        Ok(None)
    }
}
