//! Applies events to a CRM link; cannot fail and holds no rule.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::commands::CrmLinkCommand;
use super::crm_link::CrmLink;
use super::error::CrmLinkError;
use super::events::{CrmLinkEvent, SyncSubject};
use crate::clock::Clock;
use crate::decider::Decider;

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

impl CrmLink {
    fn unsettle(&mut self, what: SyncSubject) {
        if self.is_settled(what) {
            self.unsettled.push(what);
        }
    }

    fn settle(&mut self, what: SyncSubject) {
        self.unsettled.retain(|open| *open != what);
    }
}
