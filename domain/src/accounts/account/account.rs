//! State of an account.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::accounts::profile::ProfileChanges;
use crate::accounts::values::{Email, Phone};
use crate::actor::Role;
use crate::ids::{AccountId, ObjectId};
use crate::personal::Personal;

/// Account: unregistered, a person, or erased.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Account {
    #[default]
    Unregistered,
    Registered(Box<Person>),
    Erased {
        account_id: AccountId,
    },
}

/// Registered person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub account_id: AccountId,
    pub email: Personal<Email>,
    pub email_verified: bool,
    pub phone: Option<Personal<Phone>>,
    pub roles: BTreeSet<Role>,
    pub suspended: bool,
    pub avatar: Option<ObjectId>,
    /// Name, nickname, locale and zone are always present; the other fields are optional.
    pub profile: ProfileChanges,
}

impl Account {
    /// Returns the person; `None` before registration and after erasure.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Account::Registered(person) => Some(person),
            Account::Unregistered | Account::Erased { .. } => None,
        }
    }
}
