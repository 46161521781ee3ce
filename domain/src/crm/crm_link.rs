//! The link between an account and its records in the external CRM.

use std::collections::BTreeMap;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::CrmLinkCommand;
use super::error::CrmLinkError;
use super::events::{CrmLinkEvent, SyncSubject};
use crate::accounts::bounded_text;
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::TicketId;

/// Longest id that is taken from the external CRM, in characters.
const EXTERNAL_ID_LIMIT: usize = 200;

/// What the external CRM holds of one account, as far as it told us.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrmLink {
    user: Option<String>,
    tickets: BTreeMap<TicketId, String>,
    /// What was asked for or failed since it was last delivered: linking it again is news, even
    /// under the id that is known already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unsettled: Vec<SyncSubject>,
}

impl CrmLink {
    /// The id of the account's user there, once known.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The id of a ticket there, once known.
    pub fn ticket(&self, ticket_id: TicketId) -> Option<&str> {
        self.tickets.get(&ticket_id).map(String::as_str)
    }

    /// Whether the last that is known of a record is that it was delivered.
    pub fn is_settled(&self, what: SyncSubject) -> bool {
        !self.unsettled.contains(&what)
    }

    fn unsettle(&mut self, what: SyncSubject) {
        if self.is_settled(what) {
            self.unsettled.push(what);
        }
    }

    fn settle(&mut self, what: SyncSubject) {
        self.unsettled.retain(|open| *open != what);
    }
}

impl Decider for CrmLink {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &CrmLinkCommand, _now: Timestamp) -> Result<Vec<CrmLinkEvent>, CrmLinkError> {
        if let CrmLinkCommand::LinkUser { external_id } | CrmLinkCommand::LinkTicket { external_id, .. } =
            command
            && bounded_text(external_id, EXTERNAL_ID_LIMIT, false).as_ref() != Ok(external_id)
        {
            return Err(CrmLinkError::ExternalIdMalformed);
        }
        Ok(match command.clone() {
            CrmLinkCommand::RequestSync { what } => vec![CrmLinkEvent::CrmSyncRequested { what }],
            CrmLinkCommand::LinkUser { external_id }
                if self.user() == Some(external_id.as_str()) && self.is_settled(SyncSubject::User) =>
            {
                vec![]
            }
            CrmLinkCommand::LinkUser { external_id } => vec![CrmLinkEvent::CrmUserLinked { external_id }],
            CrmLinkCommand::LinkTicket { ticket_id, external_id }
                if self.ticket(ticket_id) == Some(external_id.as_str())
                    && self.is_settled(SyncSubject::Ticket(ticket_id)) =>
            {
                vec![]
            }
            CrmLinkCommand::LinkTicket { ticket_id, external_id } => {
                vec![CrmLinkEvent::CrmTicketLinked { ticket_id, external_id }]
            }
            CrmLinkCommand::RecordFailure { what, attempt, status, cause, retry_at } => {
                vec![CrmLinkEvent::CrmDeliveryFailed { what, attempt, status, cause, retry_at }]
            }
            CrmLinkCommand::AbandonDelivery { what, attempts, status, cause } => {
                vec![CrmLinkEvent::CrmDeliveryAbandoned { what, attempts, status, cause }]
            }
            CrmLinkCommand::RecordDrift { what, drift } => vec![CrmLinkEvent::CrmDriftFound { what, drift }],
            CrmLinkCommand::RecordHealing { what, drift } => {
                vec![CrmLinkEvent::CrmDriftHealed { what, drift }]
            }
        })
    }
}

impl Aggregate for CrmLink {
    const TYPE: &'static str = "CrmLink";
    type Command = CrmLinkCommand;
    type Event = CrmLinkEvent;
    type Error = CrmLinkError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: CrmLinkCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), CrmLinkError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: CrmLinkEvent) {
        match event {
            CrmLinkEvent::CrmUserLinked { external_id } => {
                self.user = Some(external_id);
                self.settle(SyncSubject::User);
            }
            CrmLinkEvent::CrmTicketLinked { ticket_id, external_id } => {
                self.tickets.insert(ticket_id, external_id);
                self.settle(SyncSubject::Ticket(ticket_id));
            }
            CrmLinkEvent::CrmSyncRequested { what }
            | CrmLinkEvent::CrmDeliveryFailed { what, .. }
            | CrmLinkEvent::CrmDeliveryAbandoned { what, .. } => self.unsettle(what),
            CrmLinkEvent::CrmDriftFound { .. } | CrmLinkEvent::CrmDriftHealed { .. } => {}
        }
    }
}
