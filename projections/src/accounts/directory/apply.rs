//! Applies one event to the rows of the directory.

use std::collections::HashMap;

use domain::accounts::AccountEvent;
use domain::{AccountId, RecordedEvent, Role};

use super::AccountRow;
use crate::accounts::account_changes::{activity_time, known_text};
use crate::accounts::status::AccountStatus;

/// Returns whether an event changes more of a row than version and last activity; most events do not.
pub(super) fn rewrites_row(event: &AccountEvent) -> bool {
    match event {
        AccountEvent::ProfileUpdated { changes, cleared: _ } => {
            changes.name.is_some()
                || changes.nickname.is_some()
                || changes.locale.is_some()
                || changes.time_zone.is_some()
        }
        AccountEvent::AccountRegistered { .. }
        | AccountEvent::EmailVerified {}
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::RoleGranted { .. }
        | AccountEvent::RoleRevoked { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::AccountErased { .. } => true,
        AccountEvent::LinkRequested { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::ContactsRevealed { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::SignedIn { .. }
        | AccountEvent::SignedOut { .. }
        | AccountEvent::SessionRevoked { .. }
        | AccountEvent::SignInFailed { .. } => false,
    }
}

pub(super) fn apply_event(
    rows: &mut HashMap<AccountId, AccountRow>,
    id: AccountId,
    event: &AccountEvent,
    recorded: &RecordedEvent,
) {
    if let AccountEvent::AccountRegistered {
        role,
        email,
        name,
        nickname,
        phone,
        locale,
        time_zone,
        terms_version: _,
    } = event
    {
        let row = AccountRow {
            account_id: id,
            status: AccountStatus::Active,
            roles: vec![role.as_str().to_owned()],
            name: known_text(name),
            nickname: known_text(nickname),
            email: known_text(email),
            phone: phone.as_ref().and_then(known_text),
            email_verified: false,
            locale: locale.as_str().to_owned(),
            time_zone: time_zone.as_str().to_owned(),
            avatar: None,
            created_at: recorded.recorded_at,
            last_active_at: recorded.recorded_at,
            version: recorded.sequence,
        };
        rows.insert(id, row);
    } else if let Some(row) = rows.get_mut(&id) {
        row.version = recorded.sequence;
        row.last_active_at = activity_time(id, event, recorded).unwrap_or(row.last_active_at);
        row.apply(event);
    }
}

impl AccountRow {
    fn apply(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::EmailVerified {} => self.email_verified = true,
            AccountEvent::EmailChanged { email } => {
                self.email = known_text(email);
                self.email_verified = false;
            }
            AccountEvent::PhoneChanged { phone } => self.phone = phone.as_ref().and_then(known_text),
            AccountEvent::ProfileUpdated { changes, cleared: _ } => {
                // These four fields cannot be cleared. The directory has no other profile field.
                if let Some(name) = &changes.name {
                    self.name = known_text(name);
                }
                if let Some(nickname) = &changes.nickname {
                    self.nickname = known_text(nickname);
                }
                if let Some(locale) = changes.locale {
                    self.locale = locale.as_str().to_owned();
                }
                if let Some(zone) = &changes.time_zone {
                    self.time_zone = zone.as_str().to_owned();
                }
            }
            AccountEvent::AvatarChanged { object_id } => self.avatar = Some(object_id.uuid()),
            AccountEvent::RoleGranted { role, .. } => add_role(&mut self.roles, *role),
            AccountEvent::RoleRevoked { role, .. } => remove_role(&mut self.roles, *role),
            AccountEvent::AccountSuspended { .. } => self.status = AccountStatus::Suspended,
            AccountEvent::AccountReinstated { .. } => self.status = AccountStatus::Active,
            AccountEvent::AccountErased { .. } => self.erase_personal_data(),
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::SignedIn { .. }
            | AccountEvent::LinkRequested { .. }
            | AccountEvent::DataCorrected { .. }
            | AccountEvent::ContactsRevealed { .. }
            | AccountEvent::PasswordChanged {}
            | AccountEvent::SignedOut { .. }
            | AccountEvent::SessionRevoked { .. }
            | AccountEvent::SignInFailed { .. } => {}
        }
    }

    fn erase_personal_data(&mut self) {
        self.status = AccountStatus::Erased;
        self.name = None;
        self.nickname = None;
        self.email = None;
        self.phone = None;
        self.email_verified = false;
        self.avatar = None;
    }
}

/// Adds a role in the order of `Role::ALL`.
pub(crate) fn add_role(roles: &mut Vec<String>, role: Role) {
    let held = |wanted: &Role| *wanted == role || roles.iter().any(|held| held == wanted.as_str());
    *roles = Role::ALL.iter().filter(|role| held(role)).map(|role| role.as_str().to_owned()).collect();
}

/// Removes a role.
pub(crate) fn remove_role(roles: &mut Vec<String>, role: Role) {
    roles.retain(|held| held != role.as_str());
}
