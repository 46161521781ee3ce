//! Applies one event to a CRM user.

use std::collections::HashMap;

use domain::accounts::{AccountEvent, ProfileField};
use domain::{AccountId, RecordedEvent};

use super::{UserRow, UserType};
use crate::accounts::{AccountStatus, activity_time, add_role, known_text, remove_role};
use crate::scheduling::CounterChange;

/// Returns whether an event changes the identity of a user. Most events change only the time of the last
/// activity.
pub(super) fn changes_identity(event: &AccountEvent) -> bool {
    match event {
        AccountEvent::ProfileUpdated { changes, cleared } => {
            changes.name.is_some()
                || changes.nickname.is_some()
                || changes.subjects.is_some()
                || cleared.contains(&ProfileField::Subjects)
        }
        AccountEvent::AccountRegistered { .. }
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::RoleGranted { .. }
        | AccountEvent::RoleRevoked { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::AccountErased { .. } => true,
        AccountEvent::EmailVerified {}
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::LinkRequested { .. }
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
    rows: &mut HashMap<AccountId, UserRow>,
    id: AccountId,
    event: &AccountEvent,
    recorded: &RecordedEvent,
) {
    if let AccountEvent::AccountRegistered { role, email, name, nickname, phone, .. } = event {
        let roles = vec![role.as_str().to_owned()];
        let row = UserRow {
            account_id: id,
            kind: user_type(&roles),
            status: AccountStatus::Active,
            roles,
            name: known_text(name),
            nickname: known_text(nickname),
            email: known_text(email),
            phone: phone.as_ref().and_then(known_text),
            subjects: Vec::new(),
            registered_at: recorded.recorded_at,
            last_active_at: recorded.recorded_at,
            lessons_completed: 0,
            rating: None,
            rating_sum: 0,
            reviews_count: 0,
            tickets_open: 0,
            version: recorded.sequence,
            position: recorded.position,
        };
        rows.insert(id, row);
    } else if let Some(row) = rows.get_mut(&id) {
        row.version = recorded.sequence;
        row.last_active_at = activity_time(id, event, recorded).unwrap_or(row.last_active_at);
        row.apply(event);
    }
}

impl UserRow {
    /// Applies a change of the counters. The rating is `None` without reviews.
    pub(super) fn apply_counters(&mut self, change: CounterChange) {
        self.lessons_completed += change.lessons;
        if let Some(rating) = change.rating {
            self.rating_sum += rating;
            self.reviews_count += 1;
            self.rating = Some(self.rating_sum as f64 / f64::from(self.reviews_count));
        }
    }

    fn apply(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::EmailChanged { email } => self.email = known_text(email),
            AccountEvent::PhoneChanged { phone } => self.phone = phone.as_ref().and_then(known_text),
            AccountEvent::ProfileUpdated { changes, cleared } => {
                if let Some(name) = &changes.name {
                    self.name = known_text(name);
                }
                if let Some(nickname) = &changes.nickname {
                    self.nickname = known_text(nickname);
                }
                if let Some(subjects) = &changes.subjects {
                    self.subjects.clone_from(subjects);
                }
                if cleared.contains(&ProfileField::Subjects) {
                    self.subjects.clear();
                }
            }
            AccountEvent::RoleGranted { role, .. } => {
                add_role(&mut self.roles, *role);
                self.kind = user_type(&self.roles);
            }
            AccountEvent::RoleRevoked { role, .. } => {
                remove_role(&mut self.roles, *role);
                self.kind = user_type(&self.roles);
            }
            AccountEvent::AccountSuspended { .. } => self.status = AccountStatus::Suspended,
            AccountEvent::AccountReinstated { .. } => self.status = AccountStatus::Active,
            AccountEvent::AccountErased { .. } => self.erase_personal_data(),
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::SignedIn { .. }
            | AccountEvent::EmailVerified {}
            | AccountEvent::AvatarChanged { .. }
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
        self.subjects.clear();
    }
}

fn user_type(roles: &[String]) -> UserType {
    UserType::from_roles(|role| roles.iter().any(|held| held == role.as_str()))
}
