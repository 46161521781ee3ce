//! A delivery as a row: its state, computed from events.

use std::collections::BTreeMap;

use domain::crm::{CrmLinkEvent, Drift, FailureCause, SyncSubject};
use domain::{AccountId, Position};
use jiff::Timestamp;
use uuid::Uuid;

domain::code_enum!(
    /// State of a delivery.
    DeliveryState {
        Pending = "pending",
        Delivered = "delivered",
        Retrying = "retrying",
        Abandoned = "abandoned",
    }
);

/// A row of `crm.deliveries`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DeliveryRow {
    pub account_id: AccountId,
    pub what: SyncSubject,
    pub state: DeliveryState,
    pub attempts: u32,
    pub external_id: Option<String>,
    pub last_cause: Option<String>,
    pub last_status: Option<u16>,
    pub requested_at: Timestamp,
    pub delivered_at: Option<Timestamp>,
    pub retry_at: Option<Timestamp>,
    pub drift: Option<Drift>,
    pub position: Position,
}

/// Rows of the accounts of a batch, by id.
pub(super) type DeliveryRows = BTreeMap<Uuid, DeliveryRow>;

/// Returns the id of a delivery. The same account and record always have the same id.
pub fn delivery_id(account_id: AccountId, what: SyncSubject) -> Uuid {
    match what {
        SyncSubject::User => Uuid::new_v5(&account_id.uuid(), b"crm-user"),
        SyncSubject::Ticket(ticket_id) => {
            Uuid::new_v5(&account_id.uuid(), format!("crm-ticket:{ticket_id}").as_bytes())
        }
    }
}

impl DeliveryRow {
    /// Makes the row of a record that the CRM must hold, before the first attempt.
    pub fn requested(account_id: AccountId, what: SyncSubject, at: Timestamp, position: Position) -> Self {
        Self {
            account_id,
            what,
            state: DeliveryState::Pending,
            attempts: 0,
            external_id: None,
            last_cause: None,
            last_status: None,
            requested_at: at,
            delivered_at: None,
            retry_at: None,
            drift: None,
            position,
        }
    }

    /// Returns the id of the delivery.
    pub fn id(&self) -> Uuid {
        delivery_id(self.account_id, self.what)
    }

    /// Applies an event of the link.
    pub fn apply(&mut self, event: &CrmLinkEvent, at: Timestamp) {
        match event {
            CrmLinkEvent::CrmSyncRequested { .. } => {
                self.state = DeliveryState::Pending;
                self.attempts = 0;
                self.requested_at = at;
                self.retry_at = None;
            }
            CrmLinkEvent::CrmUserLinked { external_id }
            | CrmLinkEvent::CrmTicketLinked { external_id, .. } => {
                self.state = DeliveryState::Delivered;
                self.attempts += 1;
                self.external_id = Some(external_id.clone());
                self.delivered_at = Some(at);
                self.retry_at = None;
                self.last_cause = None;
                self.last_status = None;
            }
            CrmLinkEvent::CrmDeliveryFailed { attempt, status, cause, retry_at, .. } => {
                self.record_failure(DeliveryState::Retrying, *attempt, *status, *cause);
                self.retry_at = Some(*retry_at);
            }
            CrmLinkEvent::CrmDeliveryAbandoned { attempts, status, cause, .. } => {
                self.record_failure(DeliveryState::Abandoned, *attempts, *status, *cause);
                self.retry_at = None;
            }
            CrmLinkEvent::CrmDriftFound { drift, .. } => self.drift = Some(drift.clone()),
            CrmLinkEvent::CrmDriftHealed { .. } => self.drift = None,
        }
    }

    fn record_failure(
        &mut self,
        state: DeliveryState,
        attempts: u32,
        status: Option<u16>,
        cause: FailureCause,
    ) {
        self.state = state;
        self.attempts = attempts;
        self.last_status = status;
        self.last_cause = Some(crate::call_failure::cause_name(cause).to_owned());
    }
}

/// Returns the record of an event of a link.
pub(super) fn subject_of(event: &CrmLinkEvent) -> SyncSubject {
    match event {
        CrmLinkEvent::CrmUserLinked { .. } => SyncSubject::User,
        CrmLinkEvent::CrmTicketLinked { ticket_id, .. } => SyncSubject::Ticket(*ticket_id),
        CrmLinkEvent::CrmSyncRequested { what }
        | CrmLinkEvent::CrmDeliveryFailed { what, .. }
        | CrmLinkEvent::CrmDeliveryAbandoned { what, .. }
        | CrmLinkEvent::CrmDriftFound { what, .. }
        | CrmLinkEvent::CrmDriftHealed { what, .. } => *what,
    }
}
