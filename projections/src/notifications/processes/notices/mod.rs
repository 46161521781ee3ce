//! Selects the events that may cause notifications.

mod notify;
mod recipients;

use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::crm::{CrmLink, CrmLinkEvent};
use domain::messaging::{Conversation, ConversationEvent};
use domain::scheduling::{LessonRequest, LessonRequestEvent, Slot, SlotEvent, WaitlistEntry, WaitlistEvent};
use domain::support::{Ticket, TicketEvent};
use domain::{Event, RecordedEvent};
use projection_runtime::{NewTask, ProcessManager, Reaction};
use serde_json::json;

use super::NAME;

pub(super) use notify::NotifyHandler;

const KIND: &str = "notify";

/// Schedules a task for each event that may have recipients.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NotificationSelector;

impl ProcessManager for NotificationSelector {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [
            Account::TYPE,
            CrmLink::TYPE,
            Conversation::TYPE,
            LessonRequest::TYPE,
            Slot::TYPE,
            Ticket::TYPE,
            WaitlistEntry::TYPE,
        ]
        .contains(&aggregate_type)
    }

    /// Starts with new events, because people need no notification of old ones.
    fn starts_at_beginning(&self) -> bool {
        false
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        if !is_notifiable(&recorded.event) {
            return Vec::new();
        }
        vec![Reaction::Schedule(NewTask {
            kind: KIND,
            key: recorded.event_id().to_string(),
            // Tasks of one stream run in its order, for example sending and reading of messages.
            queue: Some(format!("{NAME}:{}", recorded.stream.aggregate_id)),
            due_at: None,
            payload: json!({}),
        })]
    }
}

fn is_notifiable(event: &Event) -> bool {
    match event {
        Event::Account(event) => matches!(
            event,
            AccountEvent::SignedIn { .. }
                | AccountEvent::PasswordChanged {}
                | AccountEvent::EmailChanged { .. }
                | AccountEvent::RoleGranted { .. }
        ),
        Event::CrmLink(event) => {
            matches!(event, CrmLinkEvent::CrmDeliveryAbandoned { .. } | CrmLinkEvent::CrmDriftFound { .. })
        }
        Event::Conversation(event) => matches!(
            event,
            ConversationEvent::MessageSent { .. }
                | ConversationEvent::ConversationRead { .. }
                | ConversationEvent::ConversationCleared { .. }
        ),
        Event::Slot(event) => matches!(
            event,
            SlotEvent::SeatBooked { .. }
                | SlotEvent::BookingCancelled { .. }
                | SlotEvent::LessonMoved { .. }
                | SlotEvent::BookingMovedIn { .. }
                | SlotEvent::RescheduleProposed { .. }
                | SlotEvent::RescheduleDeclined { .. }
                | SlotEvent::RescheduleExpired { .. }
                | SlotEvent::LessonReviewed { .. }
                | SlotEvent::ReminderSent { .. }
        ),
        Event::Request(event) => matches!(
            event,
            LessonRequestEvent::RequestOffered { .. }
                | LessonRequestEvent::RequestMatched { .. }
                | LessonRequestEvent::RequestDeclined { .. }
                | LessonRequestEvent::RequestAccepted { .. }
                | LessonRequestEvent::RequestExpired {}
        ),
        Event::Waitlist(event) => matches!(event, WaitlistEvent::SeatOffered { .. }),
        Event::Ticket(event) => matches!(
            event,
            TicketEvent::ReplyAdded { .. }
                | TicketEvent::StatusChanged { .. }
                | TicketEvent::TicketReopened { .. }
        ),
        Event::Series(_) | Event::Class(_) | Event::Inbox(_) => false,
    }
}
