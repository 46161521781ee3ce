//! Selects the events that may cause notifications.

mod notify;
mod recipients;
mod triggers;

use cqrs_es::Aggregate;
use domain::RecordedEvent;
use domain::accounts::Account;
use domain::crm::CrmLink;
use domain::messaging::Conversation;
use domain::scheduling::{LessonRequest, Slot, WaitlistEntry};
use domain::support::Ticket;
use domain::video::VideoSession;
use projection_runtime::{NewTask, ProcessManager, Reaction};
use serde_json::json;

use super::NAME;
use triggers::NoticeTrigger;

pub(super) use notify::NotifyHandler;

const KIND: &str = "notify";

/// Schedules a task for each event that causes notifications.
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
            VideoSession::TYPE,
            WaitlistEntry::TYPE,
        ]
        .contains(&aggregate_type)
    }

    /// Starts with new events, because people need no notification of old ones.
    fn starts_at_beginning(&self) -> bool {
        false
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        if NoticeTrigger::of(recorded).is_none() {
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
