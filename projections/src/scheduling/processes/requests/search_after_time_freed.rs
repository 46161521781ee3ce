//! Offers open requests for a time to a teacher whose time has become free.

use async_trait::async_trait;
use domain::scheduling::{SeatChange, Slot, SlotEvent, SlotStatus, TimeChange};
use domain::{AccountId, Event, SlotId, StreamId};
use projection_runtime::{Task, TaskHandler, TaskOutcome};
use serde::{Deserialize, Serialize};

use super::{RequestHandlers, SEARCH_FOR_FREED, abandon_invalid_key, into_outcome};
use crate::handler_context::parse_payload;

/// Owner of the freed time: the teacher of the slot, or another participant, who may teach too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FreedTime {
    Teacher,
    Person(AccountId),
}

impl FreedTime {
    /// Returns the suffix that distinguishes the tasks of one event.
    pub(super) fn key_suffix(&self) -> String {
        match self {
            FreedTime::Teacher => "teacher".to_owned(),
            FreedTime::Person(person) => person.to_string(),
        }
    }
}

/// Returns the people whose time an event of a slot frees.
pub(super) fn freed_time_of(event: &SlotEvent) -> Vec<FreedTime> {
    let effects = event.effects();
    let mut freed = Vec::new();
    match effects.status {
        Some(SlotStatus::Withdrawn | SlotStatus::Cancelled) => freed.push(FreedTime::Teacher),
        Some(SlotStatus::Offered | SlotStatus::Started | SlotStatus::Completed) | None => {}
    }
    match effects.time {
        Some(TimeChange::Changed(_)) => freed.push(FreedTime::Teacher),
        Some(TimeChange::Moved { people, .. }) => {
            freed.extend(people.iter().copied().map(FreedTime::Person));
        }
        Some(TimeChange::Opened(_)) | None => {}
    }
    match effects.seat {
        Some(SeatChange::Freed { student, .. }) => freed.push(FreedTime::Person(student)),
        Some(SeatChange::Taken { .. }) | None => {}
    }
    freed
}

/// Task handler of `search_requests_for_freed`; a task's key begins with the slot.
pub(super) struct SearchAfterTimeFreed(pub(super) RequestHandlers);

#[async_trait]
impl TaskHandler for SearchAfterTimeFreed {
    fn kind(&self) -> &'static str {
        SEARCH_FOR_FREED
    }

    async fn run(&self, task: &Task) -> TaskOutcome {
        let slot = task.key.split(':').next().and_then(|id| id.parse::<SlotId>().ok());
        let Some(slot_id) = slot else { return abandon_invalid_key() };
        into_outcome(self.search(task, slot_id).await)
    }
}

impl SearchAfterTimeFreed {
    async fn search(&self, task: &Task, slot_id: SlotId) -> Result<(), TaskOutcome> {
        let freed: FreedTime = parse_payload(task)?;
        let events = self.0.context.read_events(task, &StreamId::of::<Slot>(slot_id)).await?;
        let (mut teacher, mut periods) = (None, Vec::new());
        for recorded in &events {
            let Event::Slot(event) = &recorded.event else { continue };
            if let SlotEvent::SlotOpened { teacher: who, .. } = event {
                teacher = Some(*who);
            }
            // All former times of the slot count; the matching rule checks each of them again.
            periods.extend(event.effects().time.map(TimeChange::period));
        }
        let person = match freed {
            FreedTime::Teacher => teacher,
            FreedTime::Person(person) => Some(person),
        };
        match person {
            Some(person) => self.0.search_for_teacher(task, person, Some(&periods)).await,
            None => Ok(()),
        }
    }
}
