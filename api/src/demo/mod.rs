//! A demo school: invented people, brought in by commands only, so that everything about them is in the log.

mod accounts;
mod dice;
mod lessons;
mod names;
mod passwords;
mod person;
mod profile;
mod seed;
mod talks;
mod words;

pub use accounts::{DemoPerson, ensure_demo_people};
pub use lessons::{Desk, Lessons, PAST};
pub use passwords::{DemoPasswordError, demo_password, fresh_password};
pub use seed::{Seeded, seed};

use domain::CommandId;
use uuid::Uuid;

use crate::auth::enrol::EnrolError;
use crate::auth::password::PasswordError;

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
    Enrol(#[from] EnrolError),
    #[error("the demo password could not be hashed")]
    Hash(#[from] PasswordError),
    #[error("the demo password could not be kept")]
    Keep(#[from] DemoPasswordError),
}

/// The id of one command of the demo school: repeated, it changes nothing.
fn command_id(cause: Uuid, purpose: &str) -> CommandId {
    CommandId::derived(cause, purpose)
}
