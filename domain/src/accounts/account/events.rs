//! Events of an account.

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

use super::link::LinkPurpose;
use crate::accounts::profile::{ProfileChanges, ProfileField};
use crate::accounts::values::{Email, Locale, Nickname, PersonName, Phone, TimeZoneName};
use crate::actor::Role;
use crate::claims::Claim;
use crate::decider::EventEffects;
use crate::event_types::event_types;
use crate::ids::{AccountId, ObjectId, SessionId};
use crate::personal::Personal;

/// Scope of the claim that keeps e-mail addresses unique.
pub const EMAIL_SCOPE: &str = "email";
/// Scope of the claim that keeps nicknames unique.
pub const NICKNAME_SCOPE: &str = "nickname";

/// Events of the aggregate `Account`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AccountEvent {
    AccountRegistered {
        role: Role,
        email: Personal<Email>,
        name: Personal<PersonName>,
        nickname: Personal<Nickname>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<Personal<Phone>>,
        locale: Locale,
        time_zone: TimeZoneName,
        terms_version: String,
    },
    EmailVerified {},
    EmailChanged {
        email: Personal<Email>,
    },
    /// `phone` is absent if the number was removed.
    PhoneChanged {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<Personal<Phone>>,
    },
    /// A link was requested; a process manager mails it.
    LinkRequested {
        purpose: LinkPurpose,
    },
    /// The hash is in the credentials table, never in the event.
    PasswordChanged {},
    /// Contains only the differences: new values in `changes`, emptied fields in `cleared`.
    ProfileUpdated {
        changes: Box<ProfileChanges>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        cleared: Vec<ProfileField>,
    },
    /// Staff corrected data; the events of the changes follow.
    DataCorrected {
        reason: Personal<String>,
    },
    /// A member of staff, who sees masked contacts, read them unmasked. The reason is personal to that member.
    ContactsRevealed {
        reason: Personal<String>,
    },
    AvatarChanged {
        object_id: ObjectId,
    },
    /// Reasons are texts of staff about the person. Since version 2.0 they are personal data of the person. In
    /// version 1.0 they were plain; they stay in the log, and the upcaster leaves them out.
    RoleGranted {
        role: Role,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    RoleRevoked {
        role: Role,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    AccountSuspended {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    AccountReinstated {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    /// The person's key is destroyed with this event, so the reason cannot be read afterwards.
    AccountErased {
        account_id: AccountId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    SignedIn {
        session_id: SessionId,
        user_agent: Personal<String>,
    },
    SignedOut {
        session_id: SessionId,
    },
    SessionRevoked {
        session_id: SessionId,
    },
    SignInFailed {
        user_agent: Personal<String>,
    },
}

event_types!(
    /// Type of an event of an account.
    AccountEventType of AccountEvent {
        AccountRegistered,
        EmailVerified,
        EmailChanged,
        PhoneChanged,
        LinkRequested,
        PasswordChanged,
        ProfileUpdated,
        DataCorrected,
        ContactsRevealed,
        AvatarChanged,
        RoleGranted,
        RoleRevoked,
        AccountSuspended,
        AccountReinstated,
        AccountErased,
        SignedIn,
        SignedOut,
        SessionRevoked,
        SignInFailed,
    }
);

impl DomainEvent for AccountEvent {
    fn event_type(&self) -> String {
        AccountEventType::from(self).as_str().to_owned()
    }

    fn event_version(&self) -> String {
        let version = match self {
            AccountEvent::RoleGranted { .. }
            | AccountEvent::RoleRevoked { .. }
            | AccountEvent::AccountSuspended { .. }
            | AccountEvent::AccountReinstated { .. }
            | AccountEvent::AccountErased { .. } => "2.0",
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::EmailVerified {}
            | AccountEvent::EmailChanged { .. }
            | AccountEvent::PhoneChanged { .. }
            | AccountEvent::LinkRequested { .. }
            | AccountEvent::DataCorrected { .. }
            | AccountEvent::ContactsRevealed { .. }
            | AccountEvent::PasswordChanged {}
            | AccountEvent::ProfileUpdated { .. }
            | AccountEvent::AvatarChanged { .. }
            | AccountEvent::SignedIn { .. }
            | AccountEvent::SignedOut { .. }
            | AccountEvent::SessionRevoked { .. }
            | AccountEvent::SignInFailed { .. } => "1.0",
        };
        version.to_owned()
    }
}

impl EventEffects for AccountEvent {
    fn claims(&self) -> Vec<Claim> {
        match self {
            AccountEvent::AccountRegistered { email, nickname, .. } => {
                vec![
                    Claim::Unique { scope: EMAIL_SCOPE, key: email.map(Email::normalized) },
                    Claim::Unique { scope: NICKNAME_SCOPE, key: nickname.map(Nickname::normalized) },
                ]
            }
            AccountEvent::EmailChanged { email } => {
                vec![Claim::Unique { scope: EMAIL_SCOPE, key: email.map(Email::normalized) }]
            }
            AccountEvent::ProfileUpdated { changes, .. } => changes
                .nickname
                .iter()
                .map(|nickname| Claim::Unique {
                    scope: NICKNAME_SCOPE,
                    key: nickname.map(Nickname::normalized),
                })
                .collect(),
            AccountEvent::AccountErased { .. } => {
                vec![
                    Claim::ReleaseUnique { scope: EMAIL_SCOPE },
                    Claim::ReleaseUnique { scope: NICKNAME_SCOPE },
                ]
            }
            AccountEvent::EmailVerified {}
            | AccountEvent::PhoneChanged { .. }
            | AccountEvent::LinkRequested { .. }
            | AccountEvent::DataCorrected { .. }
            | AccountEvent::ContactsRevealed { .. }
            | AccountEvent::PasswordChanged {}
            | AccountEvent::AvatarChanged { .. }
            | AccountEvent::RoleGranted { .. }
            | AccountEvent::RoleRevoked { .. }
            | AccountEvent::AccountSuspended { .. }
            | AccountEvent::AccountReinstated { .. }
            | AccountEvent::SignedIn { .. }
            | AccountEvent::SignedOut { .. }
            | AccountEvent::SessionRevoked { .. }
            | AccountEvent::SignInFailed { .. } => Vec::new(),
        }
    }

    fn erases(&self) -> Option<AccountId> {
        match self {
            AccountEvent::AccountErased { account_id, .. } => Some(*account_id),
            AccountEvent::AccountRegistered { .. }
            | AccountEvent::EmailVerified {}
            | AccountEvent::EmailChanged { .. }
            | AccountEvent::PhoneChanged { .. }
            | AccountEvent::LinkRequested { .. }
            | AccountEvent::DataCorrected { .. }
            | AccountEvent::ContactsRevealed { .. }
            | AccountEvent::PasswordChanged {}
            | AccountEvent::ProfileUpdated { .. }
            | AccountEvent::AvatarChanged { .. }
            | AccountEvent::RoleGranted { .. }
            | AccountEvent::RoleRevoked { .. }
            | AccountEvent::AccountSuspended { .. }
            | AccountEvent::AccountReinstated { .. }
            | AccountEvent::SignedIn { .. }
            | AccountEvent::SignedOut { .. }
            | AccountEvent::SessionRevoked { .. }
            | AccountEvent::SignInFailed { .. } => None,
        }
    }
}
