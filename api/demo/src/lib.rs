//! A demo school: invented people, registered by commands only, so that all their changes are in the log.

mod accounts;
mod conversations;
mod lessons;
mod names;
mod past;
mod past_steps;
mod person;
mod portraits;
mod ports;
mod profile;
mod rng;
mod seed;
mod tickets;
mod words;
mod year;

pub use accounts::{DemoPerson, ensure_demo_people};
pub use lessons::{LessonDemo, Lessons, PAST};
pub use past::record_past;
pub use portraits::Portrait;
pub use ports::{Accounts, AccountsError, PastLog, Registered};
pub use seed::{Seeded, seed};
pub use year::{SchoolYear, record_year};

use domain::{AccountId, Actor, Command, CommandContext, CommandId, Dispatch, DispatchError, Role, Source};
use uuid::Uuid;

/// Returns the cause of a demo command: a name-based UUID in a name space of the demo.
fn cause(of: &str) -> Uuid {
    Uuid::new_v5(&Uuid::new_v5(&Uuid::NAMESPACE_OID, b"kafedra/demo"), of.as_bytes())
}

/// Version of the terms that demo people accept.
const TERMS_VERSION: &str = "demo";

/// Failure to seed the demo school.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("a demo person could not be registered or changed")]
    Accounts(#[from] AccountsError),
    #[error("the past could not be recorded")]
    Past(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Returns the id of a demo command. A repetition has the same id and changes nothing.
fn command_id(cause: Uuid, purpose: &str) -> CommandId {
    CommandId::derived(cause, purpose)
}

/// Returns the context of a command by a person. The purpose is unique for the person and `cause`.
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
        request_id: None,
        expected_versions: Vec::new(),
    }
}

/// Dispatches a command. Returns `false` if a rule refuses it.
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
