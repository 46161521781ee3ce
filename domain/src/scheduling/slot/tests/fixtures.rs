//! Fixtures: an invented teacher, three students, a slot and its histories.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::test::TestFramework;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::accounts::TimeZoneName;
use crate::scheduling::*;
use crate::*;

pub const TEACHER: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-0000000000f0"));
pub const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
pub const BORIS: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
pub const VERA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000003"));

/// Returns the instant `minutes` after the morning on which the tests begin.
pub fn at(minutes: i64) -> Timestamp {
    let morning: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    morning + SignedDuration::from_mins(minutes)
}

/// Returns the start of the lesson: two days after that morning.
pub const START: i64 = 48 * 60;

/// Returns an id; different numbers give different ids.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0198_c0de_0000_7000_8000_0000_0000_0000 + n)
}

pub fn period() -> Period {
    Period::of_minutes(at(START), 60).unwrap()
}

pub fn rubles(amount: i64) -> Money {
    Money { amount, currency: Currency::RUB }
}

pub fn terms(capacity: u16) -> SlotTerms {
    SlotTerms {
        subject: "mathematics".to_owned(),
        lesson_type: LessonType::Regular,
        format: LessonFormat::Online,
        price: rubles(200_001),
        capacity,
        min_participants: None,
        goals: vec!["ege".to_owned()],
        grades: vec!["9".to_owned()],
        place: None,
    }
}

pub fn new_slot(capacity: u16) -> NewSlot {
    NewSlot {
        teacher: TEACHER,
        period: period(),
        zone: TimeZoneName::default(),
        tzdb: None,
        terms: terms(capacity),
        series_id: None,
        class_id: None,
        request_id: None,
        members: vec![],
    }
}

pub fn opened_as(new: &NewSlot) -> SlotEvent {
    SlotEvent::SlotOpened {
        teacher: new.teacher,
        starts_at: new.period.starts_at,
        ends_at: new.period.ends_at,
        zone: new.zone.clone(),
        tzdb: new.tzdb.clone(),
        terms: new.terms.clone(),
        series_id: new.series_id,
        class_id: new.class_id,
        request_id: new.request_id,
    }
}

pub fn opened(capacity: u16) -> SlotEvent {
    opened_as(&new_slot(capacity))
}

pub fn booked_as(n: u128, student: AccountId, booked_by: BookedBy, hold_id: Option<u128>) -> SlotEvent {
    SlotEvent::SeatBooked {
        booking_id: BookingId(id(n)),
        student,
        note: None,
        price: rubles(200_001),
        booked_by,
        hold_id: hold_id.map(|n| HoldId(id(n))),
        starts_at: at(START),
        ends_at: at(START + 60),
        policy: CANCELLATION_POLICY,
    }
}

pub fn booked(n: u128, student: AccountId) -> SlotEvent {
    booked_as(n, student, BookedBy::Student, None)
}

pub fn held(n: u128, student: AccountId, until: i64) -> SlotEvent {
    SlotEvent::SeatHeld { hold_id: HoldId(id(n)), student, expires_at: at(until), offered_to: None }
}

pub fn offered(n: u128, student: AccountId, entry: u128, until: i64) -> SlotEvent {
    let offered_to = Some(WaitlistEntryId(id(entry)));
    SlotEvent::SeatHeld { hold_id: HoldId(id(n)), student, expires_at: at(until), offered_to }
}

pub fn released(n: u128, cause: HoldEnd) -> SlotEvent {
    SlotEvent::HoldReleased { hold_id: HoldId(id(n)), cause }
}

pub fn waiting(entry: u128, student: AccountId) -> SlotEvent {
    SlotEvent::WaitlistEntered { entry_id: WaitlistEntryId(id(entry)), student }
}

pub fn gone(entry: u128, cause: WaitEnd) -> SlotEvent {
    SlotEvent::WaitlistRemoved { entry_id: WaitlistEntryId(id(entry)), cause }
}

pub fn cancelled(n: u128, student: AccountId, by: Party, fee: Option<i64>) -> SlotEvent {
    SlotEvent::BookingCancelled {
        booking_id: BookingId(id(n)),
        student,
        by,
        reason: None,
        late: fee.is_some(),
        fee: rubles(fee.unwrap_or(0)),
    }
}

pub fn started() -> SlotEvent {
    SlotEvent::LessonStarted { by: TEACHER }
}

pub fn completed() -> SlotEvent {
    SlotEvent::LessonCompleted { by: TEACHER }
}

/// Request of a student for a seat.
pub fn new_booking(n: u128, student: AccountId) -> NewBooking {
    NewBooking { booking_id: BookingId(id(n)), booker: Booker::Student(student), note: None, hold_id: None }
}

pub fn book(new: NewBooking) -> SlotCommand {
    SlotCommand::BookSeat(Box::new(new))
}

pub fn hold(n: u128, student: AccountId) -> SlotCommand {
    SlotCommand::HoldSeat { hold_id: HoldId(id(n)), student }
}

pub fn cancel(n: u128, by: AccountId) -> SlotCommand {
    SlotCommand::CancelBooking { booking_id: BookingId(id(n)), by: Initiator::Person(by), reason: None }
}

/// Result of a command.
pub struct SlotOutcome(Result<Vec<SlotEvent>, SlotError>);

/// Decides the command so many minutes after the morning.
pub fn when(given: Vec<SlotEvent>, minutes: i64, command: SlotCommand) -> SlotOutcome {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(at(minutes)));
    SlotOutcome(TestFramework::<Slot>::with(clock).given(given).when(command).inspect_result())
}

impl SlotOutcome {
    pub fn then(self, expected: &[SlotEvent]) {
        assert_eq!(self.0.expect("the command is accepted"), expected);
    }

    pub fn events(self) -> Vec<SlotEvent> {
        self.0.expect("the command is accepted")
    }

    pub fn refusal(self) -> Refusal {
        self.0.expect_err("the command is refused").refusal()
    }

    pub fn refused(self, code: &str) {
        assert_eq!(self.refusal().code, code);
    }

    /// Returns the problems of fields, as `(pointer, code)`.
    pub fn problems(self) -> Vec<(String, String)> {
        let refusal = self.refusal();
        assert_eq!(refusal.code, "invalid_fields");
        refusal.reasons.into_iter().map(|reason| (reason.pointer.unwrap_or_default(), reason.code)).collect()
    }
}

/// Returns the slot after these events.
pub fn fold(events: &[SlotEvent]) -> Slot {
    events.iter().cloned().fold(Slot::default(), |mut slot, event| {
        slot.apply(event);
        slot
    })
}
