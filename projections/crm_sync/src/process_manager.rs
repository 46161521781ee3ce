//! Process manager of the deliveries to the external CRM: the events that cause them.

use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent, ProfileField};
use domain::crm::{CrmLink, CrmLinkEvent, SyncSubject};
use domain::support::{Ticket, TicketEvent, welcome_ticket_id};
use domain::{AccountId, Event, RecordedEvent, Role};
use projection_runtime::{NewTask, ProcessManager, Reaction};
use serde::{Deserialize, Serialize};

/// Name of the process manager, and kind of its tasks.
pub const CRM_DELIVERY: &str = "crm_delivery";

/// Records a delivery for each event that the CRM must follow.
///
/// The queue of a delivery is the account, so that a ticket never precedes its user.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrmDelivery;

/// Payload of a delivery task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub account_id: AccountId,
    pub what: SyncSubject,
    #[serde(rename = "why")]
    pub reason: DeliveryReason,
}

/// Reason of a delivery; decides whether the CRM is asked first for an existing record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryReason {
    /// The record is new: the CRM cannot have it yet.
    New,
    /// The record has changed.
    Changed,
    /// An admin or a comparison has requested a check that the record exists and is correct.
    SyncRequested,
}

impl ProcessManager for CrmDelivery {
    fn name(&self) -> &'static str {
        CRM_DELIVERY
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [Account::TYPE, Ticket::TYPE, CrmLink::TYPE].contains(&aggregate_type)
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, event: &RecordedEvent) -> Vec<Reaction> {
        let delivery = match &event.event {
            Event::Account(happened) => delivery_for_account(event, happened),
            Event::Ticket(happened) => delivery_for_ticket(event, happened),
            Event::CrmLink(happened) => delivery_for_link(event, happened),
            _ => None,
        };
        let reaction = |delivery: Delivery| {
            Reaction::Schedule(NewTask {
                kind: CRM_DELIVERY,
                key: event.event_id().to_string(),
                queue: Some(queue_of(delivery.account_id)),
                due_at: None,
                payload: serde_json::to_value(delivery).expect("a delivery can be serialised to JSON"),
            })
        };
        delivery.map(reaction).into_iter().collect()
    }
}

fn delivery_for_account(recorded: &RecordedEvent, event: &AccountEvent) -> Option<Delivery> {
    let reason = match event {
        AccountEvent::AccountRegistered { role, .. } => {
            Some(DeliveryReason::New).filter(|_| !role.is_staff())
        }
        AccountEvent::EmailChanged { .. }
        | AccountEvent::PhoneChanged { .. }
        | AccountEvent::AccountSuspended { .. }
        | AccountEvent::AccountReinstated { .. }
        | AccountEvent::AccountErased { .. } => Some(DeliveryReason::Changed),
        AccountEvent::ProfileUpdated { changes, cleared } => {
            let shown = [ProfileField::Name, ProfileField::Subjects];
            let mut touched = changes.fields().into_iter().chain(cleared.iter().copied());
            touched.any(|field| shown.contains(&field)).then_some(DeliveryReason::Changed)
        }
        AccountEvent::RoleGranted { role, .. } | AccountEvent::RoleRevoked { role, .. } => {
            is_delivered(*role).then_some(DeliveryReason::Changed)
        }
        AccountEvent::EmailVerified {}
        | AccountEvent::LinkRequested { .. }
        | AccountEvent::DataCorrected { .. }
        | AccountEvent::ContactsRevealed { .. }
        | AccountEvent::PasswordChanged {}
        | AccountEvent::AvatarChanged { .. }
        | AccountEvent::SignedIn { .. }
        | AccountEvent::SignedOut { .. }
        | AccountEvent::SessionRevoked { .. }
        | AccountEvent::SignInFailed { .. } => None,
    };
    let account_id = recorded.stream.aggregate_id.parse().ok()?;
    reason.map(|reason| Delivery { account_id, what: SyncSubject::User, reason })
}

fn delivery_for_ticket(recorded: &RecordedEvent, event: &TicketEvent) -> Option<Delivery> {
    let TicketEvent::TicketOpened { requester, .. } = event else { return None };
    let ticket_id = recorded.stream.aggregate_id.parse().ok()?;
    let is_welcome = ticket_id == welcome_ticket_id(*requester);
    is_welcome.then_some(Delivery {
        account_id: *requester,
        what: SyncSubject::Ticket(ticket_id),
        reason: DeliveryReason::New,
    })
}

fn delivery_for_link(recorded: &RecordedEvent, event: &CrmLinkEvent) -> Option<Delivery> {
    let what = match event {
        CrmLinkEvent::CrmSyncRequested { what } => *what,
        CrmLinkEvent::CrmUserLinked { .. }
        | CrmLinkEvent::CrmTicketLinked { .. }
        | CrmLinkEvent::CrmDeliveryFailed { .. }
        | CrmLinkEvent::CrmDeliveryAbandoned { .. }
        | CrmLinkEvent::CrmDriftFound { .. }
        | CrmLinkEvent::CrmDriftHealed { .. } => return None,
    };
    let account_id = recorded.stream.aggregate_id.parse().ok()?;
    Some(Delivery { account_id, what, reason: DeliveryReason::SyncRequested })
}

/// Returns the queue that keeps the deliveries of one account in order.
pub(crate) fn queue_of(account_id: AccountId) -> String {
    format!("crm:{account_id}")
}

/// Returns true if people with this role are delivered to the external CRM.
pub(crate) fn is_delivered(role: Role) -> bool {
    !role.is_staff()
}
