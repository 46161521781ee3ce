//! State of an account.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::accounts::profile::ProfileChanges;
use crate::accounts::values::{Email, Phone};
use crate::actor::Role;
use crate::ids::{AccountId, ObjectId};
use crate::personal::Personal;

/// An account: nobody yet, a person, or what is left after erasure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Account {
    #[default]
    Unregistered,
    Registered(Box<Person>),
    Erased {
        account_id: AccountId,
    },
}

/// A registered person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub account_id: AccountId,
    pub email: Personal<Email>,
    pub email_verified: bool,
    pub phone: Option<Personal<Phone>>,
    pub roles: BTreeSet<Role>,
    pub suspended: bool,
    pub avatar: Option<ObjectId>,
    /// Name, nickname, locale and zone are always there; the rest as far as it was told.
    pub profile: ProfileChanges,
}

impl Account {
    /// The person, unless there is none (any more).
    pub fn person(&self) -> Option<&Person> {
        match self {
            Account::Registered(person) => Some(person),
            Account::Unregistered | Account::Erased { .. } => None,
        }
    }
}
