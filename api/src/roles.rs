//! The parts that one process may play.

use std::fmt;
use std::str::FromStr;

/// A part; a fleet divides them, `kafedra up` plays them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    Api,
    Relay,
    ReadModels,
    Processes,
}

impl Part {
    pub const ALL: [Part; 4] = [Part::Api, Part::Relay, Part::ReadModels, Part::Processes];

    pub fn as_str(self) -> &'static str {
        match self {
            Part::Api => "api",
            Part::Relay => "relay",
            Part::ReadModels => "read-models",
            Part::Processes => "processes",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Part {
    type Err = UnknownPart;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Part::ALL.into_iter().find(|part| part.as_str() == text).ok_or(UnknownPart)
    }
}

/// The text names no part.
#[derive(Debug, thiserror::Error)]
#[error("a role is one of api, relay, read-models, processes")]
pub struct UnknownPart;
