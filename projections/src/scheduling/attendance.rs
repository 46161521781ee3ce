//! Attendance of lessons, from which the counters of teachers and students are computed.
//!
//! A held lesson counts once for each person who came, and for no other person.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::scheduling::{LessonAttendance, NoShow, SeatChange, SlotEvent, SlotStatus};
use domain::{AccountId, Event, Position, RecordedEvent};
use projection_runtime::ApplyError;
use serde::Serialize;
use uuid::Uuid;

/// Attendance of one slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Attendance {
    pub slot_id: Uuid,
    pub teacher: Uuid,
    /// Booked students, in the order of booking, without duplicates.
    pub seated: Vec<Uuid>,
    /// Students who did not come.
    pub absent: Vec<Uuid>,
    pub completed: bool,
    pub teacher_absent: bool,
}

impl Attendance {
    fn new(slot_id: Uuid, teacher: AccountId) -> Self {
        Self {
            slot_id,
            teacher: teacher.uuid(),
            seated: Vec::new(),
            absent: Vec::new(),
            completed: false,
            teacher_absent: false,
        }
    }

    /// Returns the students who came; empty unless the lesson was held.
    pub(crate) fn attendees(&self) -> Vec<Uuid> {
        let Self { completed, teacher_absent, .. } = *self;
        let attendance = LessonAttendance { completed, teacher_absent, absent: &self.absent };
        self.seated.iter().copied().filter(|student| attendance.has_attended(student)).collect()
    }

    /// Returns the people for whom the lesson counts.
    fn credited_people(&self) -> Vec<Uuid> {
        let mut people = self.attendees();
        if !people.is_empty() {
            people.push(self.teacher);
        }
        people
    }

    fn apply(&mut self, event: &SlotEvent) {
        let effects = event.effects();
        match effects.seat {
            Some(SeatChange::Taken { student, .. }) => insert_once(&mut self.seated, student),
            Some(SeatChange::Freed { student, .. }) => {
                self.seated.retain(|seated| *seated != student.uuid());
            }
            None => {}
        }
        match effects.absence {
            Some(NoShow::Booking { student, .. }) => insert_once(&mut self.absent, student),
            Some(NoShow::Teacher { .. }) => self.teacher_absent = true,
            None => {}
        }
        self.completed |= effects.status == Some(SlotStatus::Completed);
    }
}

fn insert_once(students: &mut Vec<Uuid>, student: AccountId) {
    if !students.contains(&student.uuid()) {
        students.push(student.uuid());
    }
}

/// Changes of a batch to attendance and counters.
#[derive(Default)]
pub(crate) struct AttendanceChanges {
    /// Changed slots, to be written.
    pub slots: Vec<Attendance>,
    /// Changes per event and person, in the order of the events.
    pub counter_changes: Vec<CounterChange>,
    /// Teachers whose number of lessons or set of students has changed.
    pub teachers: BTreeSet<Uuid>,
    pub reviews: ReviewTotals,
}

/// Change of one person's counters by one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CounterChange {
    /// Position of the event.
    pub position: Position,
    pub person: Uuid,
    /// Difference of the number of lessons.
    pub lessons: i32,
    /// Rating of a new review.
    pub rating: Option<i64>,
}

/// Sum and number of the new ratings by teacher. A review stays after its author is erased.
#[derive(Default)]
pub(crate) struct ReviewTotals(BTreeMap<Uuid, (i64, i32)>);

impl ReviewTotals {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the totals column by column, as parameters of `unnest`.
    pub(crate) fn to_columns(&self) -> (Vec<Uuid>, Vec<i64>, Vec<i32>) {
        let sums = self.0.values().map(|(sum, _)| *sum).collect();
        (self.0.keys().copied().collect(), sums, self.0.values().map(|(_, count)| *count).collect())
    }
}

/// Returns the slots of a batch that were opened before it.
pub(crate) fn slots_before(events: &[RecordedEvent]) -> Result<Vec<Uuid>, ApplyError> {
    let (mut ids, mut opened) = (BTreeSet::new(), BTreeSet::new());
    for recorded in events {
        if let Event::Slot(event) = &recorded.event {
            let id = slot_id(recorded)?;
            if matches!(event, SlotEvent::SlotOpened { .. }) {
                opened.insert(id);
            }
            ids.insert(id);
        }
    }
    Ok(ids.difference(&opened).copied().collect())
}

/// Applies the events of a batch to the slots as they were before it.
pub(crate) fn apply_attendance(
    events: &[RecordedEvent],
    before: Vec<Attendance>,
) -> Result<AttendanceChanges, ApplyError> {
    let before: HashMap<Uuid, Attendance> = before.into_iter().map(|slot| (slot.slot_id, slot)).collect();
    let mut after = before.clone();
    let mut result = AttendanceChanges::default();
    for recorded in events {
        let Event::Slot(event) = &recorded.event else { continue };
        let id = slot_id(recorded)?;
        if let SlotEvent::SlotOpened { teacher, .. } = event {
            after.insert(id, Attendance::new(id, *teacher));
        } else if let Some(slot) = after.get_mut(&id) {
            let credited = slot.credited_people();
            slot.apply(event);
            let now = slot.credited_people();
            let counter_changes = difference(&now, &credited, 1).chain(difference(&credited, &now, -1));
            let position = recorded.position;
            result.counter_changes.extend(counter_changes.map(|(person, lessons)| CounterChange {
                position,
                person,
                lessons,
                rating: None,
            }));
        }
        if let SlotEvent::LessonReviewed { teacher, rating, .. } = event {
            let (sum, count) = result.reviews.0.entry(teacher.uuid()).or_default();
            *sum += i64::from(*rating);
            *count += 1;
            result.counter_changes.push(CounterChange {
                position: recorded.position,
                person: teacher.uuid(),
                lessons: 0,
                rating: Some(i64::from(*rating)),
            });
        }
    }
    for (id, slot) in after {
        let old = before.get(&id);
        if old == Some(&slot) {
            continue;
        }
        if old.map(Attendance::attendees).unwrap_or_default() != slot.attendees() {
            result.teachers.insert(slot.teacher);
        }
        result.slots.push(slot);
    }
    Ok(result)
}

/// Returns the people of `here` who are not in `there`, each with the number `lessons`.
fn difference<'a>(
    here: &'a [Uuid],
    there: &'a [Uuid],
    lessons: i32,
) -> impl Iterator<Item = (Uuid, i32)> + 'a {
    here.iter().filter(|person| !there.contains(person)).map(move |person| (*person, lessons))
}

fn slot_id(recorded: &RecordedEvent) -> Result<Uuid, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a slot id".to_owned(),
    })
}
