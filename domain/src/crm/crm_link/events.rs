//! What can have happened between an account and its record in the external CRM.

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
    /// `status` is the HTTP status of the answer, if there was one.
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
    /// The record there differs from what the log says that it must hold.
    CrmDriftFound {
        what: SyncSubject,
        drift: Drift,
    },
    CrmDriftHealed {
        what: SyncSubject,
        drift: Drift,
    },
}

/// The record in the external CRM that a delivery is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncSubject {
    User,
    Ticket(TicketId),
}

code_enum!(
    /// Why an attempt failed.
    FailureCause {
        /// No answer within the time limit: nobody knows whether it was done.
        Timeout = "timeout",
        /// No connection, or it broke: nobody knows whether it was done.
        Connection = "connection",
        /// An answer that says no.
        Refused = "refused",
        /// 429.
        Throttled = "throttled",
        /// 5xx.
        Unavailable = "unavailable",
        /// A body that is not the contract's JSON.
        Unreadable = "unreadable",
        /// 410: the record is gone there for good.
        Gone = "gone",
    }
);

/// How a record there can differ.
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
