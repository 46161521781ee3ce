//! Refusals of commands to a CRM link.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// Refusal by a link. A link records what the external CRM did, and refuses only values that cannot be
/// stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrmLinkError {
    #[error("the external id is empty, too long, or contains a character that is not allowed")]
    ExternalIdMalformed,
}

impl RefusalError for CrmLinkError {
    fn refusal(&self) -> Refusal {
        match self {
            CrmLinkError::ExternalIdMalformed => {
                Refusal::new("external_id_malformed", RefusalKind::Invalid, self.to_string())
                    .because(Reason::field("/external_id", "malformed"))
            }
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        unclaimed(claim)
    }
}

/// Returns the refusal of a claim; no event of the context makes one.
fn unclaimed(claim: ClaimRefused) -> Refusal {
    Refusal::conflict("claim_taken", format!("{claim:?}"))
}
