//! Refusals of commands to an inbox.

use crate::claims::ClaimRefused;
use crate::decider::RefusalError;
use crate::notifications::kinds::{Channel, NotificationKind};
use crate::refusal::{Reason, Refusal, RefusalKind};

/// Refusal by an inbox.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboxError {
    #[error("the notification does not exist, or not for this person")]
    NotFound,
    #[error("{kind} cannot be switched off")]
    CriticalKind { kind: NotificationKind, channel: Channel },
}

impl RefusalError for InboxError {
    fn refusal(&self) -> Refusal {
        match self {
            InboxError::NotFound => {
                Refusal::new("notification_not_found", RefusalKind::NotFound, self.to_string())
                    .because(Reason::rule("notification_not_found"))
            }
            InboxError::CriticalKind { kind, channel } => {
                let reason = Reason::rule("critical_kind").with("kind", kind).with("channel", channel);
                Refusal::conflict("critical_kind", self.to_string()).because(reason)
            }
        }
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        Refusal::conflict("claim_taken", format!("{claim:?}"))
    }
}
