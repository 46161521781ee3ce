//! Accounts: who a person is, which roles they hold, what they tell about themselves.

mod account;
mod commands;
mod completeness;
mod error;
mod events;
mod password_policy;
mod profile;
mod profile_patch;
mod profile_rules;
mod profile_values;
#[cfg(test)]
mod tests;
mod values;

pub use account::{Account, Person};
pub use commands::{AccountCommand, Registration};
pub use completeness::{completeness, missing};
pub use error::AccountError;
pub use events::{AccountEvent, EMAIL_SCOPE, NICKNAME_SCOPE};
pub use password_policy::{PASSWORD_MAX, PASSWORD_MIN, WeakPassword, check_password};
pub use profile::{Education, ProfileChanges, ProfileField};
pub use profile_patch::parse_profile_patch;
pub use values::{Email, Locale, Nickname, PersonName, Phone, TimeZoneName, ValueError, bounded_text};
