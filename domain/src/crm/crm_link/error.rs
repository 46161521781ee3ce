//! Why a command to a CRM link is refused.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::refusal::{Reason, Refusal, RefusalKind};

/// A refusal by a link. It records what the external CRM did and refuses only what no record can
/// hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrmLinkError {
    #[error("the external id is empty, too long, or holds a character that is not allowed")]
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

/// The refusal of a claim that no event of the context makes.
fn unclaimed(claim: ClaimRefused) -> Refusal {
    Refusal::conflict("claim_taken", format!("{claim:?}"))
}
