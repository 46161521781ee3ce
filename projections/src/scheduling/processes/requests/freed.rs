//! Shows a teacher whose time has become free the open requests that ask for it.

use async_trait::async_trait;
use domain::scheduling::{Period, Slot, SlotEvent};
use domain::{AccountId, Event, SlotId, StreamId};
use projection_runtime::{Outcome, Task, TaskHandler};
use serde::{Deserialize, Serialize};

use super::{RequestHandlers, SEARCH_FOR_FREED, nameless, outcome};
use crate::acting::wish;

/// Whose time it is: of who teaches the slot, or of somebody else in it, who may teach too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Freed {
    Teacher,
    Person(AccountId),
}

impl Freed {
    /// Tells the tasks of one event apart.
    pub(super) fn mark(&self) -> String {
        match self {
            Freed::Teacher => "teacher".to_owned(),
            Freed::Person(person) => person.to_string(),
        }
    }
}

/// Whose time an event of a slot gives back.
pub(super) fn whose_time(event: &SlotEvent) -> Vec<Freed> {
    match event {
        SlotEvent::SlotWithdrawn { .. } | SlotEvent::LessonCancelled { .. } => vec![Freed::Teacher],
        SlotEvent::SlotChanged { changes, .. } => {
            changes.period.map(|_| Freed::Teacher).into_iter().collect()
        }
        SlotEvent::LessonMoved { people, .. } => people.iter().copied().map(Freed::Person).collect(),
        SlotEvent::BookingCancelled { student, .. } | SlotEvent::BookingMovedOut { student, .. } => {
            vec![Freed::Person(*student)]
        }
        SlotEvent::SlotOpened { .. }
        | SlotEvent::SeatHeld { .. }
        | SlotEvent::HoldReleased { .. }
        | SlotEvent::SeatBooked { .. }
        | SlotEvent::RescheduleProposed { .. }
        | SlotEvent::RescheduleAccepted { .. }
        | SlotEvent::RescheduleDeclined { .. }
        | SlotEvent::RescheduleExpired { .. }
        | SlotEvent::BookingMovedIn { .. }
        | SlotEvent::LessonStarted { .. }
        | SlotEvent::LessonCompleted { .. }
        | SlotEvent::NoShowRecorded { .. }
        | SlotEvent::LessonReported { .. }
        | SlotEvent::LessonReviewed { .. }
        | SlotEvent::ReminderSent { .. }
        | SlotEvent::WaitlistEntered { .. }
        | SlotEvent::WaitlistRemoved { .. } => Vec::new(),
    }
}

/// Does the tasks `search_requests_for_freed`; their key begins with the slot.
pub(super) struct RequestsForFreed(pub(super) RequestHandlers);

#[async_trait]
impl TaskHandler for RequestsForFreed {
    fn kind(&self) -> &'static str {
        SEARCH_FOR_FREED
    }

    async fn run(&self, task: &Task) -> Outcome {
        let slot = task.key.split(':').next().and_then(|id| id.parse::<SlotId>().ok());
        let Some(slot_id) = slot else { return nameless() };
        outcome(self.search(task, slot_id).await)
    }
}

impl RequestsForFreed {
    async fn search(&self, task: &Task, slot_id: SlotId) -> Result<(), Outcome> {
        let freed: Freed = wish(task)?;
        let events = self.0.acting.events(task, &StreamId::of::<Slot>(slot_id)).await?;
        let (mut teacher, mut periods) = (None, Vec::new());
        for recorded in &events {
            let Event::Slot(event) = &recorded.event else { continue };
            if let SlotEvent::SlotOpened { teacher: who, .. } = event {
                teacher = Some(*who);
            }
            periods.extend(time_of(event));
        }
        let person = match freed {
            Freed::Teacher => teacher,
            Freed::Person(person) => Some(person),
        };
        match person {
            Some(person) => self.0.search_for(task, person, Some(&periods)).await,
            None => Ok(()),
        }
    }
}

/// A time that the slot stood at: whichever of them it was that became free, the rules look at it anew.
fn time_of(event: &SlotEvent) -> Option<Period> {
    if let SlotEvent::SlotOpened { starts_at, ends_at, .. } = event {
        Some(Period { starts_at: *starts_at, ends_at: *ends_at })
    } else if let SlotEvent::SlotChanged { changes, .. } = event {
        changes.period
    } else if let SlotEvent::LessonMoved { to, .. } = event {
        Some(*to)
    } else {
        None
    }
}
