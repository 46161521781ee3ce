//! Opens conversations: of teacher and student with their first booking, of every class, of lessons for
//! several; and keeps in step who takes part in them.

mod handler;

use cqrs_es::Aggregate;
use domain::scheduling::{Class, ClassEvent, Slot, SlotEvent};
use domain::{AccountId, ClassId, Event, RecordedEvent, SlotId};
use projection_runtime::{NewTask, ProcessManager, Reaction};
use serde::{Deserialize, Serialize};

pub use handler::ConversationMembershipHandler;

const NAME: &str = "conversation_keeper";
const KIND: &str = "keep_conversations";

/// Reacts to who has a seat and to who is in a class.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConversationMembership;

/// What a task is about. Who takes part is looked up when it is done, not told: so what is done twice, or
/// late, comes out the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ConversationTask {
    /// A lesson; `booked` has got a seat in it.
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

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let id = &recorded.stream.aggregate_id;
        let lesson = |booked| id.parse().ok().map(|slot_id| ConversationTask::Lesson { slot_id, booked });
        let payload = match &recorded.event {
            Event::Slot(
                SlotEvent::SeatBooked { student, .. } | SlotEvent::BookingMovedIn { student, .. },
            ) => lesson(Some(*student)),
            Event::Slot(SlotEvent::BookingCancelled { .. } | SlotEvent::BookingMovedOut { .. }) => {
                lesson(None)
            }
            // A class that is closed keeps its conversation, and those who were in it.
            Event::Class(
                ClassEvent::ClassCreated { .. }
                | ClassEvent::StudentAdded { .. }
                | ClassEvent::StudentRemoved { .. },
            ) => id.parse().ok().map(|class_id| ConversationTask::Class { class_id }),
            _ => None,
        };
        let task = |payload: ConversationTask| {
            Reaction::Schedule(NewTask {
                kind: KIND,
                key: format!("{id}:{}", recorded.sequence),
                queue: Some(format!("{NAME}:{id}")),
                due_at: None,
                payload: serde_json::to_value(payload).expect("ids are texts"),
            })
        };
        payload.map(task).into_iter().collect()
    }
}
