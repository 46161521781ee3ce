//! Refusals of commands to a video session.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// Refusal of a command to a video session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VideoSessionError {
    #[error("the person did not join by this connection")]
    StayNotFound,
}

impl RefusalError for VideoSessionError {
    fn refusal(&self) -> Refusal {
        let (code, kind) = match self {
            VideoSessionError::StayNotFound => ("stay_not_found", RefusalKind::NotFound),
        };
        Refusal::new(code, kind, self.to_string()).because(Reason::rule(code))
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
