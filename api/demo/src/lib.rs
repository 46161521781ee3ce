//! A demo school: invented people, brought in by commands only, so that everything about them is in the log.

mod accounts;
mod conversations;
mod lessons;
mod names;
mod person;
mod ports;
mod profile;
mod rng;
mod seed;
mod tickets;
mod words;

pub use accounts::{DemoPerson, ensure_demo_people};
pub use lessons::{LessonDemo, Lessons, PAST};
pub use ports::{Accounts, AccountsError, Registered};
pub use seed::{Seeded, seed};

use domain::{AccountId, Actor, Command, CommandContext, CommandId, Dispatch, DispatchError, Role, Source};
use uuid::Uuid;

/// The cause of every demo command: a name-based UUID in a name space that nobody else uses.
fn cause(of: &str) -> Uuid {
    Uuid::new_v5(&Uuid::new_v5(&Uuid::NAMESPACE_OID, b"kafedra/demo"), of.as_bytes())
}

/// Demo people accept these terms.
const TERMS_VERSION: &str = "demo";

/// Why the demo school could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("a demo person could not be registered or changed")]
    Accounts(#[from] AccountsError),
}

/// The id of one command of the demo school: repeated, it changes nothing.
fn command_id(cause: Uuid, purpose: &str) -> CommandId {
    CommandId::derived(cause, purpose)
}

/// Somebody does something, for a purpose that is theirs alone in what is about `cause`.
fn person_context(id: AccountId, role: Role, cause: Uuid, purpose: &str) -> CommandContext {
    CommandContext { actor: Actor::Account(id), role: Some(role), ..system_context(cause, purpose) }
}

fn system_context(cause: Uuid, purpose: &str) -> CommandContext {
    CommandContext {
        actor: Actor::system("demo"),
        role: None,
        source: Source::Cli,
        correlation_id: cause,
        causation_id: None,
        command_id: command_id(cause, purpose),
        traceparent: None,
        expected_version: None,
    }
}

/// Whether it happened, now or when the same command came first; what is refused does not.
async fn dispatch_if_allowed(
    bus: &dyn Dispatch,
    command: Command,
    context: CommandContext,
) -> Result<bool, DemoError> {
    match bus.dispatch(command, context).await {
        Ok(_) => Ok(true),
        Err(DispatchError::Refused(_)) => Ok(false),
        Err(error) => Err(DemoError::Accounts(error.into())),
    }
}
