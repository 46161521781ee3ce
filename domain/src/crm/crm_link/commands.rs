//! Commands to the link between an account and the external CRM.

use jiff::Timestamp;

use super::events::{Drift, FailureCause, SyncSubject};
use crate::ids::TicketId;

/// Commands to the aggregate `CrmLink`; only the delivery process manager and admins issue them.
#[derive(Clone, Debug)]
pub enum CrmLinkCommand {
    RequestSync {
        what: SyncSubject,
    },
    LinkUser {
        external_id: String,
    },
    LinkTicket {
        ticket_id: TicketId,
        external_id: String,
    },
    RecordFailure {
        what: SyncSubject,
        attempt: u32,
        status: Option<u16>,
        cause: FailureCause,
        retry_at: Timestamp,
    },
    AbandonDelivery {
        what: SyncSubject,
        attempts: u32,
        status: Option<u16>,
        cause: FailureCause,
    },
    RecordDrift {
        what: SyncSubject,
        drift: Drift,
    },
    RecordHealing {
        what: SyncSubject,
        drift: Drift,
    },
}
