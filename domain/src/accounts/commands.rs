//! What can be asked of an account.

use super::profile::{ProfileChanges, ProfileField};
use super::values::{Email, Locale, Nickname, PersonName, Phone, TimeZoneName};
use crate::actor::Role;
use crate::ids::{AccountId, ObjectId, SessionId};

/// Commands to the aggregate `Account`.
#[derive(Clone, Debug)]
pub enum AccountCommand {
    RegisterAccount(Registration),
    VerifyEmail,
    ChangeEmail {
        email: Email,
    },
    ChangePhone {
        phone: Option<Phone>,
    },
    /// The new hash is already in the credentials table.
    RecordPasswordChange,
    UpdateProfile {
        changes: Box<ProfileChanges>,
        cleared: Vec<ProfileField>,
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

/// What a person gives to become known. `by_admin` opens the staff roles.
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
