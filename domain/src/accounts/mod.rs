//! Accounts: persons, their roles and their profiles.

mod account;
mod password_policy;
mod profile;
mod reserved_names;
mod upcasters;
mod values;

pub use account::{
    Account, AccountCommand, AccountError, AccountEvent, AccountEventType, Correction, EMAIL_SCOPE,
    LinkPurpose, NICKNAME_SCOPE, Person, Registration,
};
pub use password_policy::{
    PASSWORD_MAX, PASSWORD_MIN, PasswordAdvice, WeakPassword, check_password, normalize_password,
};
pub use profile::{Education, ProfileChanges, ProfileField, completeness, missing, parse_profile_patch};
pub(crate) use upcasters::upcasters;
pub use values::{
    Email, Lines, Locale, Nickname, PersonName, Phone, TimeZoneName, ValueError, bounded_text, fold_case,
    fold_label,
};
