//! Refusals of commands to a class.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::field_problem::FieldProblem;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// Refusal of a command to a class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClassError {
    #[error("there is no such class, or not for this person")]
    NotFound,
    #[error("the class is there already")]
    AlreadyCreated,
    #[error("the class is closed")]
    Closed,
    #[error("the class is full")]
    Full { capacity: u16 },
    #[error("more students than that are in it")]
    TooSmall { students: u16 },
    #[error("the student is not in the class")]
    NotMember,
    #[error("a teacher is no student of their own class")]
    OwnClass,
    #[error("{} of the fields are not acceptable", .0.len())]
    InvalidFields(Vec<FieldProblem>),
}

impl RefusalError for ClassError {
    fn refusal(&self) -> Refusal {
        use RefusalKind::{Conflict, Invalid, NotFound};
        let (code, kind) = match self {
            ClassError::NotFound => ("class_not_found", NotFound),
            ClassError::AlreadyCreated => ("class_already_created", Conflict),
            ClassError::Closed => ("class_closed", Conflict),
            ClassError::Full { .. } => ("class_full", Conflict),
            ClassError::TooSmall { .. } => ("class_too_small", Conflict),
            ClassError::NotMember => ("not_a_member", NotFound),
            ClassError::OwnClass => ("own_class", Conflict),
            ClassError::InvalidFields(_) => ("invalid_fields", Invalid),
        };
        let refusal = Refusal::new(code, kind, self.to_string());
        match self {
            ClassError::InvalidFields(problems) => {
                problems.iter().map(Reason::from).fold(refusal, Refusal::because)
            }
            ClassError::Full { capacity } => refusal.because(Reason::rule(code).with("capacity", capacity)),
            ClassError::TooSmall { students } => {
                refusal.because(Reason::rule(code).with("students", students))
            }
            _ => refusal.because(Reason::rule(code)),
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
