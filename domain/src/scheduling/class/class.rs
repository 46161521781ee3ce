//! State of a class.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::personal::Personal;

/// A class: not there yet, or created.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Class {
    #[default]
    Uncreated,
    Created(Box<Group>),
}

/// A class that was created.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub teacher: AccountId,
    pub name: Personal<String>,
    pub description: Option<Personal<String>>,
    pub subject: String,
    pub grade: String,
    pub colour: String,
    pub capacity: u16,
    pub students: BTreeSet<AccountId>,
    pub closed: bool,
}

impl Class {
    pub fn group(&self) -> Option<&Group> {
        match self {
            Class::Uncreated => None,
            Class::Created(group) => Some(group),
        }
    }
}

impl Group {
    /// How many students are in it.
    pub fn size(&self) -> u16 {
        u16::try_from(self.students.len()).unwrap_or(u16::MAX)
    }
}
