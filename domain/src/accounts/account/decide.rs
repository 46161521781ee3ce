//! Decides commands to an account.

use jiff::Timestamp;

use super::account::{Account, Person};
use super::commands::{AccountCommand, Correction, Registration};
use super::error::AccountError;
use super::events::AccountEvent;
use super::link::LinkPurpose;
use crate::accounts::profile::{ProfileChanges, ProfileField, profile_problems};
use crate::accounts::reserved_names::check_public_name;
use crate::accounts::values::{Email, Lines, Phone, ValueError, bounded_text};
use crate::actor::Role;
use crate::decider::{Decider, Decision};
use crate::field_problem::FieldProblem;
use crate::ids::{AccountId, ObjectId};
use crate::personal::Personal;

/// Longest texts of a command, in characters.
const REASON_LIMIT: usize = 500;
const USER_AGENT_LIMIT: usize = 400;
const TERMS_VERSION_LIMIT: usize = 32;

impl Decider for Account {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &AccountCommand, _now: Timestamp) -> Decision<Account> {
        match command {
            AccountCommand::RegisterAccount(registration) => self.register(registration),
            AccountCommand::VerifyEmail => self.verify_email(),
            AccountCommand::ChangeEmail { email } => self.change_email(email),
            AccountCommand::ChangePhone { phone } => self.change_phone(phone.as_ref()),
            AccountCommand::RequestLink { purpose } => self.request_link(*purpose),
            AccountCommand::RecordPasswordChange => {
                self.active()?;
                Ok(vec![AccountEvent::PasswordChanged {}])
            }
            AccountCommand::UpdateProfile { changes, cleared } => self.update_profile(changes, cleared),
            AccountCommand::CorrectData(correction) => self.correct_data(correction),
            AccountCommand::RevealContacts { reason } => {
                self.registered()?;
                Ok(vec![AccountEvent::ContactsRevealed { reason: required_reason(reason)? }])
            }
            AccountCommand::ChangeAvatar { object_id } => self.change_avatar(*object_id),
            AccountCommand::GrantRole { role, reason } => self.grant_role(*role, reason),
            AccountCommand::RevokeRole { role, reason } => self.revoke_role(*role, reason),
            AccountCommand::SuspendAccount { reason } => self.suspend(reason),
            AccountCommand::ReinstateAccount { reason } => self.reinstate(reason),
            AccountCommand::EraseAccount { reason } => self.erase(reason),
            AccountCommand::RecordSignIn { session_id, user_agent } => {
                // A suspended person signs in to read and to erase what is theirs.
                let person = self.registered()?;
                let user_agent = Personal::new(person.account_id, readable(user_agent));
                Ok(vec![AccountEvent::SignedIn { session_id: *session_id, user_agent }])
            }
            AccountCommand::RecordSignInFailure { user_agent } => {
                let person = self.registered()?;
                let user_agent = Personal::new(person.account_id, readable(user_agent));
                Ok(vec![AccountEvent::SignInFailed { user_agent }])
            }
            AccountCommand::SignOut { session_id } => {
                self.registered()?;
                Ok(vec![AccountEvent::SignedOut { session_id: *session_id }])
            }
            AccountCommand::RevokeSession { session_id } => {
                self.registered()?;
                Ok(vec![AccountEvent::SessionRevoked { session_id: *session_id }])
            }
        }
    }
}

impl Account {
    fn registered(&self) -> Result<&Person, AccountError> {
        match self {
            Account::Registered(person) => Ok(person),
            Account::Unregistered => Err(AccountError::NotRegistered),
            Account::Erased { .. } => Err(AccountError::Erased),
        }
    }

    /// Returns the person, if the account is registered and not suspended.
    fn active(&self) -> Result<&Person, AccountError> {
        let person = self.registered()?;
        if person.suspended { Err(AccountError::Suspended) } else { Ok(person) }
    }
}

impl Account {
    fn register(&self, new: &Registration) -> Decision<Account> {
        if *self != Account::Unregistered {
            return Err(AccountError::AlreadyRegistered);
        }
        if new.role.is_staff() && !new.by_admin {
            return Err(AccountError::RoleNotSelfService(new.role));
        }
        if !new.by_admin {
            let named = [("name", new.name.as_str()), ("nickname", new.nickname.as_str())];
            let problem = |(field, text)| {
                check_public_name(text).err().map(|error| FieldProblem::of(field, error.code()))
            };
            let problems: Vec<_> = named.into_iter().filter_map(problem).collect();
            if !problems.is_empty() {
                return Err(AccountError::InvalidFields(problems));
            }
        }
        if bounded_text(&new.terms_version, TERMS_VERSION_LIMIT, Lines::Single).is_err() {
            return Err(AccountError::InvalidFields(vec![FieldProblem::of("terms_version", "malformed")]));
        }
        let subject = new.account_id;
        Ok(vec![AccountEvent::AccountRegistered {
            role: new.role,
            email: Personal::new(subject, new.email.clone()),
            name: Personal::new(subject, new.name.clone()),
            nickname: Personal::new(subject, new.nickname.clone()),
            phone: new.phone.clone().map(|phone| Personal::new(subject, phone)),
            locale: new.locale,
            time_zone: new.time_zone.clone(),
            terms_version: new.terms_version.clone(),
        }])
    }

    fn verify_email(&self) -> Decision<Account> {
        let person = self.active()?;
        Ok(if person.email_verified { vec![] } else { vec![AccountEvent::EmailVerified {}] })
    }

    fn request_link(&self, purpose: LinkPurpose) -> Decision<Account> {
        let person = self.active()?;
        let is_needless = purpose == LinkPurpose::EmailVerification && person.email_verified;
        Ok(if is_needless { vec![] } else { vec![AccountEvent::LinkRequested { purpose }] })
    }

    fn change_email(&self, email: &Email) -> Decision<Account> {
        let person = self.active()?;
        if person.email.known() == Some(email) {
            return Ok(vec![]);
        }
        Ok(vec![AccountEvent::EmailChanged { email: Personal::new(person.account_id, email.clone()) }])
    }

    fn change_phone(&self, phone: Option<&Phone>) -> Decision<Account> {
        let person = self.active()?;
        if person.phone.as_ref().and_then(Personal::known) == phone {
            return Ok(vec![]);
        }
        let phone = phone.map(|phone| Personal::new(person.account_id, phone.clone()));
        Ok(vec![AccountEvent::PhoneChanged { phone }])
    }

    fn update_profile(&self, changes: &ProfileChanges, cleared: &[ProfileField]) -> Decision<Account> {
        let person = self.active()?;
        let problems = profile_problems(person.account_id, &person.roles, &person.profile, changes, cleared);
        if !problems.is_empty() {
            return Err(AccountError::InvalidFields(problems));
        }
        let held = person.profile.fields();
        let cleared: Vec<_> = cleared.iter().copied().filter(|field| held.contains(field)).collect();
        let changes = Box::new(changes.clone().differing_from(&person.profile));
        if changes.fields().is_empty() && cleared.is_empty() {
            return Ok(vec![]);
        }
        Ok(vec![AccountEvent::ProfileUpdated { changes, cleared }])
    }

    /// Returns the correction and its changes; no events if nothing would change.
    fn correct_data(&self, correction: &Correction) -> Decision<Account> {
        let person = self.registered()?;
        let reason = required_reason(&correction.reason)?;
        let mut events = Vec::new();
        let changes = &correction.changes;
        let problems = profile_problems(person.account_id, &person.roles, &person.profile, changes, &[]);
        if !problems.is_empty() {
            return Err(AccountError::InvalidFields(problems));
        }
        let changes = Box::new(changes.clone().differing_from(&person.profile));
        if !changes.fields().is_empty() {
            events.push(AccountEvent::ProfileUpdated { changes, cleared: Vec::new() });
        }
        if let Some(email) = correction.email.as_ref().filter(|email| person.email.known() != Some(email)) {
            events
                .push(AccountEvent::EmailChanged { email: Personal::new(person.account_id, email.clone()) });
        }
        let own = person.phone.as_ref().and_then(Personal::known);
        if let Some(phone) = correction.phone.as_ref().filter(|phone| phone.as_ref() != own) {
            let phone = phone.as_ref().map(|phone| Personal::new(person.account_id, phone.clone()));
            events.push(AccountEvent::PhoneChanged { phone });
        }
        if !events.is_empty() {
            events.insert(0, AccountEvent::DataCorrected { reason });
        }
        Ok(events)
    }

    fn change_avatar(&self, object_id: ObjectId) -> Decision<Account> {
        let person = self.active()?;
        if person.avatar == Some(object_id) {
            return Ok(vec![]);
        }
        Ok(vec![AccountEvent::AvatarChanged { object_id }])
    }

    fn grant_role(&self, role: Role, reason: &str) -> Decision<Account> {
        let person = self.registered()?;
        if person.roles.contains(&role) {
            return Ok(vec![]);
        }
        let reason = reason_about(person.account_id, reason)?;
        Ok(vec![AccountEvent::RoleGranted { role, reason }])
    }

    fn revoke_role(&self, role: Role, reason: &str) -> Decision<Account> {
        let person = self.registered()?;
        if !person.roles.contains(&role) {
            return Err(AccountError::RoleNotHeld(role));
        }
        if person.roles.len() == 1 {
            return Err(AccountError::LastRole);
        }
        let reason = reason_about(person.account_id, reason)?;
        Ok(vec![AccountEvent::RoleRevoked { role, reason }])
    }

    fn suspend(&self, reason: &str) -> Decision<Account> {
        let person = self.registered()?;
        if person.suspended {
            return Ok(vec![]);
        }
        Ok(vec![AccountEvent::AccountSuspended { reason: reason_about(person.account_id, reason)? }])
    }

    fn reinstate(&self, reason: &str) -> Decision<Account> {
        let person = self.registered()?;
        if !person.suspended {
            return Err(AccountError::NotSuspended);
        }
        Ok(vec![AccountEvent::AccountReinstated { reason: reason_about(person.account_id, reason)? }])
    }

    fn erase(&self, reason: &str) -> Decision<Account> {
        match self {
            Account::Registered(person) => {
                let account_id = person.account_id;
                let reason = reason_about(account_id, reason)?;
                Ok(vec![AccountEvent::AccountErased { account_id, reason }])
            }
            Account::Unregistered => Err(AccountError::NotRegistered),
            Account::Erased { .. } => Ok(vec![]),
        }
    }
}

/// Returns a reason as personal data of the person whom it is about; `None` for an empty one.
fn reason_about(person: AccountId, reason: &str) -> Result<Option<Personal<String>>, AccountError> {
    match bounded_text(reason, REASON_LIMIT, Lines::Multi) {
        Ok(text) => Ok(Some(Personal::new(person, text))),
        Err(ValueError::Empty) => Ok(None),
        Err(error) => Err(AccountError::InvalidFields(vec![FieldProblem::of("reason", error.code())])),
    }
}

/// Returns the reason of a member of staff, which must not be empty.
fn required_reason(reason: &Personal<String>) -> Result<Personal<String>, AccountError> {
    let text = reason.known().map_or("", String::as_str);
    reason_about(reason.subject(), text)?
        .ok_or_else(|| AccountError::InvalidFields(vec![FieldProblem::of("reason", "empty")]))
}

/// Returns the user agent without control characters, truncated to [`USER_AGENT_LIMIT`]. So a sign-in never
/// fails because of it.
fn readable(user_agent: &str) -> String {
    user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT_LIMIT).collect()
}
