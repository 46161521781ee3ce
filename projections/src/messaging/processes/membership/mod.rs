//! Starts conversations for a first booking, a class and a lesson of several, and updates their participants.

mod handler;

use cqrs_es::Aggregate;
use domain::scheduling::{Class, ClassEvent, SeatChange, Slot};
use domain::{AccountId, ClassId, Event, RecordedEvent, SlotId};
use projection_runtime::{NewTask, ProcessManager, Reaction};
use serde::{Deserialize, Serialize};

pub use handler::ConversationMembershipHandler;

const NAME: &str = "conversation_keeper";
const KIND: &str = "keep_conversations";

/// Reacts to changes of seats and of class members.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConversationMembership;

/// Payload of a task. The handler looks up the participants when it runs, so a repeated or late task has the
/// same result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ConversationTask {
    /// Lesson; `booked` is the student who got a seat.
    Lesson {
        slot_id: SlotId,
        booked: Option<AccountId>,
    },
    Class {
        class_id: ClassId,
    },
}

impl ProcessManager for ConversationMembership {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [Slot::TYPE, Class::TYPE].contains(&aggregate_type)
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let id = &recorded.stream.aggregate_id;
        let lesson = |booked| id.parse().ok().map(|slot_id| ConversationTask::Lesson { slot_id, booked });
        let payload = match &recorded.event {
            Event::Slot(event) => match event.effects().seat {
                Some(SeatChange::Taken { student, .. }) => lesson(Some(student)),
                Some(SeatChange::Freed { .. }) => lesson(None),
                None => None,
            },
            Event::Class(event) if changes_members(event) => {
                id.parse().ok().map(|class_id| ConversationTask::Class { class_id })
            }
            Event::Class(_)
            | Event::Account(_)
            | Event::CrmLink(_)
            | Event::Conversation(_)
            | Event::Inbox(_)
            | Event::Series(_)
            | Event::Request(_)
            | Event::Waitlist(_)
            | Event::Ticket(_)
            | Event::Video(_) => None,
        };
        let task = |payload: ConversationTask| {
            Reaction::Schedule(NewTask {
                kind: KIND,
                key: format!("{id}:{}", recorded.sequence),
                queue: Some(format!("{NAME}:{id}")),
                due_at: None,
                payload: serde_json::to_value(payload).expect("ids serialize to JSON"),
            })
        };
        payload.map(task).into_iter().collect()
    }
}

/// Returns whether an event changes the members of a class.
fn changes_members(event: &ClassEvent) -> bool {
    match event {
        ClassEvent::ClassCreated { .. }
        | ClassEvent::StudentAdded { .. }
        | ClassEvent::StudentRemoved { .. } => true,
        // A closed class keeps its conversation and the participants.
        ClassEvent::ClassRenamed { .. } | ClassEvent::ClassChanged { .. } | ClassEvent::ClassClosed {} => {
            false
        }
    }
}
