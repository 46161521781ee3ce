//! Brings people in: who registers, an admin at the command line, a demo school. Nobody is registered
//! who could not sign in.

use commands::Bus;
use domain::accounts::{Account, AccountCommand, Email, Registration};
use domain::{AccountId, Command, Context, Dispatch, DispatchError, Ids};
use sqlx::PgPool;

use super::{Keys, credentials};

/// Where people are registered and where their credentials are kept.
#[derive(Clone, Copy)]
pub struct Enrolment<'a> {
    pub pool: &'a PgPool,
    pub bus: &'a Bus,
    pub keys: &'a Keys,
    pub ids: &'a dyn Ids,
}

/// Who was registered, now or when the same command came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    pub account_id: AccountId,
    pub position: u64,
    /// The command had been carried out before; nothing was changed.
    pub replayed: bool,
}

/// Why somebody could not be registered or changed.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
    #[error("the database is not available")]
    Database(#[from] sqlx::Error),
}

impl Enrolment<'_> {
    /// Registers a person with the hash of their password: credentials first, then the event.
    ///
    /// # Errors
    /// A rule stands against it (`email_taken`, `nickname_taken`), or Postgres is away.
    pub async fn enrol(
        &self,
        registration: Registration,
        password_hash: &str,
        context: Context,
    ) -> Result<Enrolled, EnrolError> {
        let fresh = registration.account_id;
        let (email, mark) = (&registration.email, self.ids.next());
        credentials::prepare(self.pool, self.keys, fresh, email, password_hash, mark).await?;
        let command = Command::Account(fresh, AccountCommand::RegisterAccount(registration));
        let receipt = match self.bus.dispatch(command, context).await {
            Ok(receipt) => receipt,
            Err(error) => {
                // Whether an unavailable log has it, nobody knows: then the sweep decides.
                if !matches!(error, DispatchError::Unavailable(_)) {
                    credentials::remove(self.pool, fresh).await?;
                }
                return Err(error.into());
            }
        };
        let first = receipt.streams.first().and_then(|first| first.stream.aggregate_id.parse().ok());
        let account_id = first.unwrap_or(fresh);
        if account_id == fresh {
            credentials::settled(self.pool, fresh, mark).await?;
        } else {
            credentials::remove(self.pool, fresh).await?;
        }
        Ok(Enrolled { account_id, position: receipt.position, replayed: receipt.replayed })
    }

    /// One more command about a person; gives the position of its last event.
    ///
    /// # Errors
    /// A rule stands against it, or Postgres is away.
    pub async fn command(
        &self,
        account_id: AccountId,
        command: AccountCommand,
        context: Context,
    ) -> Result<u64, EnrolError> {
        Ok(self.bus.dispatch(Command::Account(account_id, command), context).await?.position)
    }

    /// Changes a person's address, so that at every instant the old one or the new one signs in.
    ///
    /// # Errors
    /// Another account has the address, or Postgres is away.
    pub async fn change_email(
        &self,
        account_id: AccountId,
        email: &Email,
        context: Context,
    ) -> Result<u64, EnrolError> {
        let mark = self.ids.next();
        credentials::unsettle(self.pool, account_id, mark).await?;
        credentials::add_email(self.pool, self.keys, account_id, email).await?;
        let command = AccountCommand::ChangeEmail { email: email.clone() };
        let position = self.command(account_id, command, context).await?;
        let current = async {
            let account = self.bus.load::<Account>(account_id).await?;
            Ok::<_, EnrolError>(account.state.person().and_then(|person| person.email.known().cloned()))
        };
        credentials::follow_email(self.pool, self.keys, account_id, mark, current).await?;
        Ok(position)
    }

    /// The account that has this address now.
    ///
    /// # Errors
    /// Postgres is away.
    pub async fn find(&self, email: &Email) -> Result<Option<AccountId>, EnrolError> {
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
