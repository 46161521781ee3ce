//! Why a command to a CRM link is refused.

use crate::claims::ClaimRefused;
use crate::decider::Refuses;
use crate::dispatch::Refusal;

/// A link refuses nothing: it records what the external CRM did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrmLinkError {}

impl Refuses for CrmLinkError {
    fn refusal(&self) -> Refusal {
        match *self {}
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        unclaimed(claim)
    }
}

/// The refusal of a claim that no event of the context makes.
fn unclaimed(claim: ClaimRefused) -> Refusal {
    Refusal::conflict("claim_taken", format!("{claim:?}"))
}
