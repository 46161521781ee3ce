//! Decides commands to a CRM link.

use jiff::Timestamp;

use super::commands::CrmLinkCommand;
use super::crm_link::CrmLink;
use super::error::CrmLinkError;
use super::events::{CrmLinkEvent, SyncSubject};
use crate::accounts::{Lines, bounded_text};
use crate::decider::{Decider, Decision};

/// Longest id that is accepted from the external CRM, in characters.
const EXTERNAL_ID_LIMIT: usize = 200;

impl Decider for CrmLink {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &CrmLinkCommand, _now: Timestamp) -> Decision<CrmLink> {
        if let CrmLinkCommand::LinkUser { external_id } | CrmLinkCommand::LinkTicket { external_id, .. } =
            command
            && bounded_text(external_id, EXTERNAL_ID_LIMIT, Lines::Single).as_ref() != Ok(external_id)
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
