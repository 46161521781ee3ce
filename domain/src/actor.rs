//! The actor of a command or event: a person in one of their roles, or a process manager.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::code_enum;
use crate::ids::AccountId;

code_enum!(
    /// Role of a person; a closed set.
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
    /// Returns whether only an admin grants the role; a person cannot register with it.
    pub fn is_staff(self) -> bool {
        !matches!(self, Role::Student | Role::Teacher)
    }
}

/// Actor in text form: `<account id>` or `system:<process>`.
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
    /// Source of a command.
    Source {
        Api = "api",
        Signaling = "signaling",
        Policy = "policy",
        Cli = "cli",
    }
);
