//! Refusals of commands to a lesson request.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::field_problem::FieldProblem;
use crate::refusal::{Reason, Refusal, RefusalKind};
use crate::scheduling::limits::REQUESTS_OPEN_MAX;

/// Refusal of a command to a lesson request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LessonRequestError {
    #[error("there is no such request, or not for this person")]
    NotFound,
    #[error("the request is there already")]
    AlreadyRequested,
    #[error("{} of the fields are not acceptable", .0.len())]
    InvalidFields(Vec<FieldProblem>),
    #[error("the lesson would begin in less than five hours")]
    TooLate,
    #[error("as many requests of the student are open as may be")]
    TooManyOpen,
    #[error("another open request of the student is for that time")]
    Overlaps,
    #[error("another teacher was faster")]
    Taken,
    #[error("nobody accepted in time")]
    Expired,
    #[error("the student took the request back")]
    Cancelled,
    #[error("the teacher has declined")]
    Declined,
    #[error("the price is above what the student would pay")]
    TooExpensive,
    #[error("it is not its time yet")]
    TooEarly,
}

impl RefusalError for LessonRequestError {
    fn refusal(&self) -> Refusal {
        use RefusalKind::{Conflict, Invalid, NotFound};
        let (code, kind) = match self {
            LessonRequestError::NotFound => ("request_not_found", NotFound),
            LessonRequestError::AlreadyRequested => ("request_already_made", Conflict),
            LessonRequestError::InvalidFields(_) => ("invalid_fields", Invalid),
            LessonRequestError::TooLate => ("request_too_late", Conflict),
            LessonRequestError::TooManyOpen => ("too_many_requests_open", Conflict),
            LessonRequestError::Overlaps => ("request_overlaps", Conflict),
            LessonRequestError::Taken => ("request_taken", Conflict),
            LessonRequestError::Expired => ("request_expired", Conflict),
            LessonRequestError::Cancelled => ("request_cancelled", Conflict),
            LessonRequestError::Declined => ("request_declined", Conflict),
            LessonRequestError::TooExpensive => ("price_above_maximum", Conflict),
            LessonRequestError::TooEarly => ("too_early", Conflict),
        };
        let refusal = Refusal::new(code, kind, self.to_string());
        match self {
            LessonRequestError::InvalidFields(problems) => {
                problems.iter().map(Reason::from).fold(refusal, Refusal::because)
            }
            LessonRequestError::TooManyOpen => {
                refusal.because(Reason::rule(code).with("limit", REQUESTS_OPEN_MAX))
            }
            _ => refusal.because(Reason::rule(code)),
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        match claim {
            ClaimRefused::Unique { .. } => LessonRequestError::TooManyOpen.refusal(),
            ClaimRefused::Time { .. } => LessonRequestError::Overlaps.refusal(),
        }
    }
}
