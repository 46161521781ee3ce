//! Process roles: what one OS process does.

use std::fmt;
use std::str::FromStr;

/// Process role. `kafedra up` runs all of them; several `kafedra serve` divide them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProcessRole {
    Api,
    Relay,
    ReadModels,
    Processes,
}

impl ProcessRole {
    pub const ALL: [ProcessRole; 4] =
        [ProcessRole::Api, ProcessRole::Relay, ProcessRole::ReadModels, ProcessRole::Processes];

    pub fn as_str(self) -> &'static str {
        match self {
            ProcessRole::Api => "api",
            ProcessRole::Relay => "relay",
            ProcessRole::ReadModels => "read-models",
            ProcessRole::Processes => "processes",
        }
    }
}

impl fmt::Display for ProcessRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProcessRole {
    type Err = UnknownProcessRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ProcessRole::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownProcessRole)
    }
}

/// The text is not the name of a process role.
#[derive(Debug, thiserror::Error)]
#[error("a role is one of api, relay, read-models, processes")]
pub struct UnknownProcessRole;
