//! Who asks: a person under one of their roles, or a part of the system.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::code_enum;
use crate::ids::AccountId;

code_enum!(
    /// What a person may be on the platform; a closed set.
    Role {
        Student = "student",
        Teacher = "teacher",
        Support = "support",
        Analyst = "analyst",
        Admin = "admin",
        Auditor = "auditor",
    }
);

impl Role {
    /// Whether an admin has to grant it: nobody registers as one of these.
    pub fn is_staff(self) -> bool {
        !matches!(self, Role::Student | Role::Teacher)
    }
}

/// Who caused something: `<account id>` or `system:<process>` in text.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Actor {
    Account(AccountId),
    System(String),
}

impl Actor {
    pub fn system(process: &str) -> Self {
        Actor::System(process.to_owned())
    }

    pub fn account(&self) -> Option<AccountId> {
        match self {
            Actor::Account(id) => Some(*id),
            Actor::System(_) => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Account(id) => id.fmt(f),
            Actor::System(process) => write!(f, "system:{process}"),
        }
    }
}

impl FromStr for Actor {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix("system:") {
            Some(process) => Ok(Actor::System(process.to_owned())),
            None => text.parse().map(Actor::Account),
        }
    }
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Actor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

code_enum!(
    /// Through which door a command came.
    Source {
        Api = "api",
        Signaling = "signaling",
        Policy = "policy",
        Cli = "cli",
    }
);
