//! A log for one test with the day of its lessons, and commands on slots.

use std::ops::Deref;

use commands::Bus;
use domain::scheduling::*;
use domain::*;
use fixtures::{TestDatabase, new_slot, slot_terms, system_context};
use jiff::{SignedDuration, Timestamp};

pub struct School {
    database: TestDatabase,
    /// Hour at which the day of all lessons begins.
    pub day: Timestamp,
}

impl Deref for School {
    type Target = TestDatabase;

    fn deref(&self) -> &TestDatabase {
        &self.database
    }
}

impl School {
    pub async fn new() -> Self {
        let day = SystemClock.now() + SignedDuration::from_hours(72);
        Self { database: TestDatabase::create().await, day }
    }

    pub fn opening(&self, teacher: AccountId, minutes: i64, capacity: u16) -> SlotCommand {
        let slot = new_slot(teacher, self.day + SignedDuration::from_mins(minutes));
        SlotCommand::OpenSlot(Box::new(NewSlot { terms: SlotTerms { capacity, ..slot_terms() }, ..slot }))
    }
}

pub fn booking(slot_id: SlotId, booking_id: BookingId, student: AccountId) -> Command {
    fixtures::booking(slot_id, booking_id, Booker::Student(student), None)
}

/// Commands that move a booking to another slot of a teacher, in one append.
pub fn moving(
    (booking_id, student): (BookingId, AccountId),
    teacher: AccountId,
    from: SlotId,
    to: SlotId,
) -> Vec<Command> {
    let booked_by = BookedBy::Student;
    let booking = Box::new(MovedBooking { booking_id, student, note: None, booked_by });
    let policy = CANCELLATION_POLICY;
    vec![
        Command::Slot(from, SlotCommand::MoveOut { booking_id, by: student, to_slot: to }),
        Command::Slot(to, SlotCommand::MoveIn { from_slot: from, teacher, booking, policy }),
    ]
}

/// `Ok`, or the code of the refusal; any other error fails the test.
pub async fn ask(bus: &Bus, commands: Vec<Command>) -> Result<Receipt, &'static str> {
    for _ in 0..50 {
        match bus.dispatch_atomically(commands.clone(), system_context()).await {
            Ok(receipt) => return Ok(receipt),
            Err(DispatchError::Refused(refusal)) => return Err(refusal.code),
            // Nothing was committed: retries under a new id.
            Err(DispatchError::Contended) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("contended for ever")
}
