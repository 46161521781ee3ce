//! Refusals of commands to a series.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::field_problem::FieldProblem;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// Refusal of a command to a series.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    #[error("there is no such series, or not of this person")]
    NotFound,
    #[error("the series is defined already")]
    AlreadyDefined,
    #[error("the series has ended")]
    Ended,
    #[error("{} of the fields are not acceptable", .0.len())]
    InvalidFields(Vec<FieldProblem>),
}

impl RefusalError for SeriesError {
    fn refusal(&self) -> Refusal {
        let (code, kind) = match self {
            SeriesError::NotFound => ("series_not_found", RefusalKind::NotFound),
            SeriesError::AlreadyDefined => ("series_already_defined", RefusalKind::Conflict),
            SeriesError::Ended => ("series_ended", RefusalKind::Conflict),
            SeriesError::InvalidFields(_) => ("invalid_fields", RefusalKind::Invalid),
        };
        let refusal = Refusal::new(code, kind, self.to_string());
        match self {
            SeriesError::InvalidFields(problems) => {
                problems.iter().map(Reason::from).fold(refusal, Refusal::because)
            }
            SeriesError::NotFound | SeriesError::AlreadyDefined | SeriesError::Ended => {
                refusal.because(Reason::rule(code))
            }
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
