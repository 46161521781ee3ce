//! Accounts: who a person is, which roles they hold, what they tell about themselves.

mod account;
mod commands;
mod error;
mod events;
mod profile;
mod profile_rules;
mod values;

pub use account::{Account, Person};
pub use commands::{AccountCommand, Registration};
pub use error::AccountError;
pub use events::{AccountEvent, EMAIL_SCOPE, NICKNAME_SCOPE};
pub use profile::{Education, ProfileChanges, ProfileField};
pub use values::{Email, Locale, Nickname, PersonName, Phone, TimeZoneName, ValueError, bounded_text};
