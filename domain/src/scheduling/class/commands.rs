//! What can be asked of a class.

use std::fmt;

use crate::ids::AccountId;
use crate::scheduling::terms::Agent;

/// Commands to the aggregate `Class`.
#[derive(Clone)]
pub enum ClassCommand {
    CreateClass {
        teacher: AccountId,
        terms: Box<ClassTerms>,
    },
    ChangeClass {
        by: AccountId,
        changes: Box<ClassChanges>,
    },
    AddStudent {
        by: AccountId,
        student: AccountId,
    },
    /// By the teacher, by the student themselves, or by the system.
    RemoveStudent {
        by: Agent,
        student: AccountId,
    },
    CloseClass {
        by: Agent,
    },
}

/// A class as it is created.
#[derive(Clone, PartialEq)]
pub struct ClassTerms {
    pub name: String,
    pub description: Option<String>,
    pub subject: String,
    pub grade: String,
    pub colour: String,
    pub capacity: u16,
}

/// What changes.
#[derive(Clone, Default, PartialEq)]
pub struct ClassChanges {
    pub name: Option<String>,
    pub description: Option<String>,
    pub subject: Option<String>,
    pub grade: Option<String>,
    pub colour: Option<String>,
    pub capacity: Option<u16>,
}

impl ClassCommand {
    /// The name of the command, as logs and metrics show it.
    pub fn name(&self) -> &'static str {
        match self {
            ClassCommand::CreateClass { .. } => "CreateClass",
            ClassCommand::ChangeClass { .. } => "ChangeClass",
            ClassCommand::AddStudent { .. } => "AddStudent",
            ClassCommand::RemoveStudent { .. } => "RemoveStudent",
            ClassCommand::CloseClass { .. } => "CloseClass",
        }
    }
}

/// Shows which command it is, never what is in it: that belongs to people.
impl fmt::Debug for ClassCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
