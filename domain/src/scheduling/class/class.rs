//! State of a class.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::personal::Personal;

/// Class: not yet created, or created.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Class {
    #[default]
    Uncreated,
    Created(Box<ClassState>),
}

/// Created class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassState {
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
    pub fn created(&self) -> Option<&ClassState> {
        match self {
            Class::Uncreated => None,
            Class::Created(class) => Some(class),
        }
    }
}

impl ClassState {
    /// Returns the number of its students.
    pub fn size(&self) -> u16 {
        u16::try_from(self.students.len()).unwrap_or(u16::MAX)
    }
}
