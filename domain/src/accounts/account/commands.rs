//! Commands to an account.

use std::fmt;

use super::link::LinkPurpose;
use crate::accounts::profile::{ProfileChanges, ProfileField};
use crate::accounts::values::{Email, Locale, Nickname, PersonName, Phone, TimeZoneName};
use crate::actor::Role;
use crate::ids::{AccountId, ObjectId, SessionId};
use crate::personal::Personal;

/// Commands to the aggregate `Account`.
#[derive(Clone)]
pub enum AccountCommand {
    RegisterAccount(Registration),
    VerifyEmail,
    ChangeEmail {
        email: Email,
    },
    ChangePhone {
        phone: Option<Phone>,
    },
    /// Requests a mail with a link for this purpose.
    RequestLink {
        purpose: LinkPurpose,
    },
    /// The new hash is already in the credentials table.
    RecordPasswordChange,
    UpdateProfile {
        changes: Box<ProfileChanges>,
        cleared: Vec<ProfileField>,
    },
    /// Staff corrects the data of the person.
    CorrectData(Box<Correction>),
    /// A member of staff reads the contacts unmasked.
    RevealContacts {
        /// Personal to the member of staff who wrote it.
        reason: Personal<String>,
    },
    ChangeAvatar {
        object_id: ObjectId,
    },
    GrantRole {
        role: Role,
        reason: String,
    },
    RevokeRole {
        role: Role,
        reason: String,
    },
    SuspendAccount {
        reason: String,
    },
    ReinstateAccount {
        reason: String,
    },
    EraseAccount {
        reason: String,
    },
    RecordSignIn {
        session_id: SessionId,
        user_agent: String,
    },
    RecordSignInFailure {
        user_agent: String,
    },
    SignOut {
        session_id: SessionId,
    },
    RevokeSession {
        session_id: SessionId,
    },
}

impl AccountCommand {
    /// Returns the name of the command for logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            AccountCommand::RegisterAccount(_) => "RegisterAccount",
            AccountCommand::VerifyEmail => "VerifyEmail",
            AccountCommand::ChangeEmail { .. } => "ChangeEmail",
            AccountCommand::ChangePhone { .. } => "ChangePhone",
            AccountCommand::RequestLink { .. } => "RequestLink",
            AccountCommand::RecordPasswordChange => "RecordPasswordChange",
            AccountCommand::UpdateProfile { .. } => "UpdateProfile",
            AccountCommand::CorrectData(_) => "CorrectData",
            AccountCommand::RevealContacts { .. } => "RevealContacts",
            AccountCommand::ChangeAvatar { .. } => "ChangeAvatar",
            AccountCommand::GrantRole { .. } => "GrantRole",
            AccountCommand::RevokeRole { .. } => "RevokeRole",
            AccountCommand::SuspendAccount { .. } => "SuspendAccount",
            AccountCommand::ReinstateAccount { .. } => "ReinstateAccount",
            AccountCommand::EraseAccount { .. } => "EraseAccount",
            AccountCommand::RecordSignIn { .. } => "RecordSignIn",
            AccountCommand::RecordSignInFailure { .. } => "RecordSignInFailure",
            AccountCommand::SignOut { .. } => "SignOut",
            AccountCommand::RevokeSession { .. } => "RevokeSession",
        }
    }
}

/// Shows the name of the command, never its content, which is personal data.
impl fmt::Debug for AccountCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Correct data of a person, by staff. A field that is `None` stays as it is.
#[derive(Clone, Debug)]
pub struct Correction {
    /// Personal to the member of staff who wrote it.
    pub reason: Personal<String>,
    pub email: Option<Email>,
    /// `Some(None)` removes the number.
    pub phone: Option<Option<Phone>>,
    pub changes: ProfileChanges,
}

/// Registration of a person. `by_admin` allows the staff roles.
#[derive(Clone, Debug)]
pub struct Registration {
    pub account_id: AccountId,
    pub role: Role,
    pub by_admin: bool,
    pub email: Email,
    pub name: PersonName,
    pub nickname: Nickname,
    pub phone: Option<Phone>,
    pub locale: Locale,
    pub time_zone: TimeZoneName,
    pub terms_version: String,
}
