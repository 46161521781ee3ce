//! Seats of classes: books upcoming lessons for new members, and cancels the seats of former members.
//!
//! A member without a seat is tried again when a seat or the student's time may have become free.

mod handler;
mod retry_seating;

pub use handler::ClassSeatsHandler;

use std::time::Duration;

use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{Class, ClassEvent, Period, SeatChange, Slot, SlotEvent, TimeChange};
use domain::{AccountId, ClassId, Event, RecordedEvent, SlotId};
use projection_runtime::{NewTask, ProcessManager, Reaction};
use serde::{Deserialize, Serialize};

const NAME: &str = "class_seats";
const SYNC_SEATS: &str = "seat_class";
const RETRY_SEATING: &str = "seat_class_again";
/// Longest wait for a read model before a retry.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Process manager that reacts to changes of members, ends of classes, new slots, and freed seats and times.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassSeats;

/// Payload of a task: one student or all members, one slot or all upcoming slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ClassSeatsTask {
    class_id: ClassId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    student: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slot_id: Option<SlotId>,
}

/// Payload of a retry: all members of a slot's class, a student in the lessons of their classes, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct RetrySeatingTask {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slot_id: Option<SlotId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    student: Option<AccountId>,
    /// Time at which the student became free, if it is not the time of the slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    freed: Option<Period>,
}

impl ProcessManager for ClassSeats {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [Class::TYPE, Slot::TYPE, Account::TYPE].contains(&aggregate_type)
    }

    fn starts_at_beginning(&self) -> bool {
        true
    }

    fn react(&self, recorded: &RecordedEvent) -> Vec<Reaction> {
        let id = &recorded.stream.aggregate_id;
        match &recorded.event {
            Event::Class(event) => {
                let Ok(class_id) = id.parse() else { return Vec::new() };
                let all_students = ClassSeatsTask { class_id, student: None, slot_id: None };
                match event {
                    ClassEvent::StudentAdded { student } | ClassEvent::StudentRemoved { student } => {
                        vec![sync_task(recorded, ClassSeatsTask { student: Some(*student), ..all_students })]
                    }
                    ClassEvent::ClassClosed {} => vec![sync_task(recorded, all_students)],
                    ClassEvent::ClassCreated { .. }
                    | ClassEvent::ClassRenamed { .. }
                    | ClassEvent::ClassChanged { .. } => Vec::new(),
                }
            }
            Event::Slot(event) => {
                let Ok(slot_id) = id.parse() else { return Vec::new() };
                react_to_slot(recorded, event, slot_id)
            }
            Event::Account(AccountEvent::AccountReinstated { .. }) => {
                let student = id.parse().ok();
                vec![retry_task(recorded, RetrySeatingTask { student, ..RetrySeatingTask::default() })]
            }
            _ => Vec::new(),
        }
    }
}

fn react_to_slot(recorded: &RecordedEvent, event: &SlotEvent, slot_id: SlotId) -> Vec<Reaction> {
    let slot = RetrySeatingTask { slot_id: Some(slot_id), ..RetrySeatingTask::default() };
    if let SlotEvent::SlotOpened { class_id: Some(class_id), .. } = event {
        // Members added or removed during the opening of the slot are missing in it.
        let payload = ClassSeatsTask { class_id: *class_id, student: None, slot_id: Some(slot_id) };
        return vec![sync_task(recorded, payload)];
    }
    let effects = event.effects();
    let mut retries = Vec::new();
    if let Some(SeatChange::Freed { student, .. }) = effects.seat {
        retries.push(RetrySeatingTask { student: Some(student), ..slot });
    }
    let has_more_seats = effects.terms.is_some_and(|changes| changes.capacity.is_some());
    match effects.time {
        Some(TimeChange::Moved { from, people, .. }) => {
            let freed = |person: &AccountId| RetrySeatingTask {
                student: Some(*person),
                freed: Some(from),
                slot_id: None,
            };
            retries.extend(people.iter().map(freed));
            retries.push(slot);
        }
        Some(TimeChange::Changed(_)) => retries.push(slot),
        Some(TimeChange::Opened(_)) | None => retries.extend(has_more_seats.then_some(slot)),
    }
    retries.into_iter().map(|payload| retry_task(recorded, payload)).collect()
}

/// Builds the task that compares seats; the tasks of one class run one after the other.
fn sync_task(recorded: &RecordedEvent, payload: ClassSeatsTask) -> Reaction {
    Reaction::Schedule(NewTask {
        kind: SYNC_SEATS,
        key: format!("{}:{}", recorded.stream.aggregate_id, recorded.sequence),
        queue: Some(format!("{NAME}:{}", payload.class_id)),
        due_at: None,
        payload: serde_json::to_value(payload).expect("ids always serialise to JSON"),
    })
}

fn retry_task(recorded: &RecordedEvent, payload: RetrySeatingTask) -> Reaction {
    let who = payload.student.map(|student| student.to_string()).unwrap_or_default();
    Reaction::Schedule(NewTask {
        kind: RETRY_SEATING,
        key: format!("{}:{}:{who}", recorded.stream.aggregate_id, recorded.sequence),
        queue: None,
        due_at: None,
        payload: serde_json::to_value(payload).expect("ids and times always serialise to JSON"),
    })
}
