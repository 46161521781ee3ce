//! The seats of classes: who joins a class sits in its coming lessons, who leaves it does so no more; who
//! could not be seated is tried again when what stood in the way may be gone.

mod again;
mod handler;

pub use handler::ClassSeatsHandler;

use std::time::Duration;

use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{Class, ClassEvent, Period, Slot, SlotEvent};
use domain::{AccountId, ClassId, Event, Recorded, SlotId};
use projection_runtime::{NewTask, Process, Reaction};
use serde::{Deserialize, Serialize};

const NAME: &str = "class_seats";
const SEAT: &str = "seat_class";
const SEAT_AGAIN: &str = "seat_class_again";
/// How long to wait for the read model of slots, before another attempt.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reacts to who joins and leaves a class, to its end, to its slots, and to time and seats that become free.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassSeats;

/// What a task is about: one student or all of them, one slot or all that are to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Wish {
    class_id: ClassId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    student: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slot_id: Option<SlotId>,
}

/// Who is tried again: everybody in the class of a slot, a student in the lessons of their classes, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Again {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    slot_id: Option<SlotId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    student: Option<AccountId>,
    /// When the student became free, where it is not the time of the slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    freed: Option<Period>,
}

impl Process for ClassSeats {
    fn name(&self) -> &'static str {
        NAME
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        [Class::TYPE, Slot::TYPE, Account::TYPE].contains(&aggregate_type)
    }

    fn react(&self, recorded: &Recorded) -> Vec<Reaction> {
        let id = &recorded.stream.aggregate_id;
        match &recorded.event {
            Event::Class(event) => {
                let Ok(class_id) = id.parse() else { return Vec::new() };
                let everybody = Wish { class_id, student: None, slot_id: None };
                match event {
                    ClassEvent::StudentAdded { student } | ClassEvent::StudentRemoved { student } => {
                        vec![seat(recorded, Wish { student: Some(*student), ..everybody })]
                    }
                    ClassEvent::ClassClosed {} => vec![seat(recorded, everybody)],
                    ClassEvent::ClassCreated { .. }
                    | ClassEvent::ClassRenamed { .. }
                    | ClassEvent::ClassChanged { .. } => Vec::new(),
                }
            }
            Event::Slot(event) => {
                let Ok(slot_id) = id.parse() else { return Vec::new() };
                of_slot(recorded, event, slot_id)
            }
            Event::Account(AccountEvent::AccountReinstated { .. }) => {
                let student = id.parse().ok();
                vec![again(recorded, Again { student, ..Again::default() })]
            }
            _ => Vec::new(),
        }
    }
}

fn of_slot(recorded: &Recorded, event: &SlotEvent, slot_id: SlotId) -> Vec<Reaction> {
    let slot = Again { slot_id: Some(slot_id), ..Again::default() };
    if let SlotEvent::SlotOpened { class_id: Some(class_id), .. } = event {
        // Who was added or removed while it was being opened is not known to it yet.
        vec![seat(recorded, Wish { class_id: *class_id, student: None, slot_id: Some(slot_id) })]
    } else if let SlotEvent::BookingCancelled { student, .. } | SlotEvent::BookingMovedOut { student, .. } =
        event
    {
        vec![again(recorded, Again { student: Some(*student), ..slot })]
    } else if let SlotEvent::SlotChanged { changes, .. } = event
        && (changes.capacity.is_some() || changes.period.is_some())
    {
        vec![again(recorded, slot)]
    } else if let SlotEvent::LessonMoved { from, people, .. } = event {
        let freed = |person: &AccountId| Again { student: Some(*person), freed: Some(*from), slot_id: None };
        people.iter().map(freed).chain([slot]).map(|wish| again(recorded, wish)).collect()
    } else {
        Vec::new()
    }
}

/// The seats of a class are seen to one after the other.
fn seat(recorded: &Recorded, wish: Wish) -> Reaction {
    Reaction::Do(NewTask {
        kind: SEAT,
        key: format!("{}:{}", recorded.stream.aggregate_id, recorded.sequence),
        lane: Some(format!("{NAME}:{}", wish.class_id)),
        due_at: None,
        payload: serde_json::to_value(wish).expect("ids are texts"),
    })
}

fn again(recorded: &Recorded, wish: Again) -> Reaction {
    let who = wish.student.map(|student| student.to_string()).unwrap_or_default();
    Reaction::Do(NewTask {
        kind: SEAT_AGAIN,
        key: format!("{}:{}:{who}", recorded.stream.aggregate_id, recorded.sequence),
        lane: None,
        due_at: None,
        payload: serde_json::to_value(wish).expect("ids and times are texts"),
    })
}
