//! Commands to a class.

use std::fmt;

use crate::ids::AccountId;
use crate::scheduling::terms::Initiator;

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
    /// Removes a student; the teacher, the student or the system may do it.
    RemoveStudent {
        by: Initiator,
        student: AccountId,
    },
    CloseClass {
        by: Initiator,
    },
}

/// Fields of a new class.
#[derive(Clone, PartialEq)]
pub struct ClassTerms {
    pub name: String,
    pub description: Option<String>,
    pub subject: String,
    pub grade: String,
    pub colour: String,
    pub capacity: u16,
}

/// Changed fields.
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
    /// Returns the name of the command for logs and metrics.
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

/// Prints the name of the command only: its content is personal.
impl fmt::Debug for ClassCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
