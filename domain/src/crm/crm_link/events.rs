//! Events of the link between an account and its records in the external CRM.

use cqrs_es::DomainEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::code_enum;
use crate::decider::EventEffects;
use crate::ids::TicketId;

/// Events of the aggregate `CrmLink` (one per account, under the account's id).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CrmLinkEvent {
    CrmSyncRequested {
        what: SyncSubject,
    },
    CrmUserLinked {
        external_id: String,
    },
    CrmTicketLinked {
        ticket_id: TicketId,
        external_id: String,
    },
    /// `status` is the HTTP status of the response, if there was a response.
    CrmDeliveryFailed {
        what: SyncSubject,
        attempt: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        cause: FailureCause,
        retry_at: Timestamp,
    },
    CrmDeliveryAbandoned {
        what: SyncSubject,
        attempts: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        cause: FailureCause,
    },
    /// The record in the external CRM differs from the record that follows from the log.
    CrmDriftFound {
        what: SyncSubject,
        drift: Drift,
    },
    CrmDriftHealed {
        what: SyncSubject,
        drift: Drift,
    },
}

/// Record in the external CRM that a delivery is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncSubject {
    User,
    Ticket(TicketId),
}

code_enum!(
    /// Reason why an attempt failed.
    FailureCause {
        /// No response within the time limit; the result is unknown.
        Timeout = "timeout",
        /// No connection, or it broke; the result is unknown.
        Connection = "connection",
        /// The external CRM refused the request.
        Refused = "refused",
        /// 429.
        Throttled = "throttled",
        /// 5xx.
        Unavailable = "unavailable",
        /// A body that is not the JSON of the contract.
        Unreadable = "unreadable",
        /// 410: the record was deleted permanently in the external CRM.
        Gone = "gone",
    }
);

/// Difference between a record in the external CRM and the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    Missing,
    Duplicated {
        external_ids: Vec<String>,
    },
    /// Names of the fields that differ, never their values.
    Differs {
        fields: Vec<String>,
    },
}

impl DomainEvent for CrmLinkEvent {
    fn event_type(&self) -> String {
        match self {
            CrmLinkEvent::CrmSyncRequested { .. } => "CrmSyncRequested",
            CrmLinkEvent::CrmUserLinked { .. } => "CrmUserLinked",
            CrmLinkEvent::CrmTicketLinked { .. } => "CrmTicketLinked",
            CrmLinkEvent::CrmDeliveryFailed { .. } => "CrmDeliveryFailed",
            CrmLinkEvent::CrmDeliveryAbandoned { .. } => "CrmDeliveryAbandoned",
            CrmLinkEvent::CrmDriftFound { .. } => "CrmDriftFound",
            CrmLinkEvent::CrmDriftHealed { .. } => "CrmDriftHealed",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for CrmLinkEvent {}
